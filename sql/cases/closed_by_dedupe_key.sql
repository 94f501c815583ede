-- Closed cases of the same matter, the latest first.
-- grain: one row per closed case
-- params: $dedupe_key text; $is_drill boolean, a drill continues no real case
select
    case_id,
    outcome
from case_summary
where dedupe_key = $dedupe_key and is_drill = $is_drill and status = 'closed'
order by closed_at desc, case_id asc
