-- Every event of every packet, in order; the key of a packet is packet:<period>:<scope>.
-- grain: one row per event
-- params: none
select
    position,
    case_id,
    event_type,
    reference,
    actor,
    occurred_at,
    payload
from case_event
where case_id like 'packet:%'
order by position
