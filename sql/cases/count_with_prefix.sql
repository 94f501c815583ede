-- How many cases carry a prefix such as IMP-2026-, for the next number.
-- grain: one row
-- params: $prefix text
select count(*) as case_count
from case_summary
where starts_with(case_id, $prefix)
