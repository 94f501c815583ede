-- The open case of the same matter, if there is one.
-- grain: one row per open case, oldest first
-- params: $dedupe_key text; $is_drill boolean, a drill never joins a real case
select case_id
from case_summary
where dedupe_key = $dedupe_key and is_drill = $is_drill and status = 'open'
order by opened_at, case_id
