-- The newest entry of the chain; no row for an empty ledger.
-- grain: one row at most
with newest as (
    select max(position) as position
    from case_event
)

select
    case_event.position,
    case_event.entry_hash
from case_event
inner join newest on case_event.position = newest.position
