-- Where the entries of one case stand in the chain, in order.
-- grain: one row per entry
-- params: $case_id text
select
    position,
    previous_hash,
    entry_hash
from case_event
where case_id = $case_id
order by position
