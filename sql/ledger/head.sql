-- The newest entry of the chain; no row for an empty ledger.
-- grain: one row at most
select
    position,
    entry_hash
from case_event
where position = (select max(position) from case_event)
