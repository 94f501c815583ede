-- The open case of the same matter, if there is one.
-- grain: one row per open case, oldest first
-- params: $dedupe_key text
select case_id
from case_summary
where dedupe_key = $dedupe_key and status = 'open'
order by opened_at, case_id
