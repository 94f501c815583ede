-- Entries of a range of positions, in order; a range is read faster than a limit is.
-- grain: one row per event
-- params: $first and $last bigint, both included
select
    position,
    case_id,
    event_type,
    reference,
    actor,
    occurred_at,
    payload,
    previous_hash,
    entry_hash
from case_event
where position between $first and $last
order by position
