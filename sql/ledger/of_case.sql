-- Every event of one case in order.
-- grain: one row per event
-- params: $case_id text
select
    position,
    case_id,
    event_type,
    reference,
    actor,
    occurred_at,
    payload
from case_event
where case_id = $case_id
order by position
