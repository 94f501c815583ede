-- Entries after a position, in order, for verification in batches.
-- grain: one row per event
-- params: $position bigint, the last one already read; $limit integer, rows at most
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
where position > $position
order by position
limit $limit
