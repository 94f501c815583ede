-- A page of the open cases, in order of their ids.
-- grain: one row per case
-- params: $limit integer, rows at most; $skipped integer, rows before the page
select case_id
from case_summary
where status = 'open'
order by case_id
limit
    $limit
    offset $skipped
