-- How many cases are open.
-- grain: one row
select count(*) as case_count
from case_summary
where status = 'open'
