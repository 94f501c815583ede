-- How often people decided about one suspect.
-- grain: one row
-- params: $number integer
select count(*) as decision_count
from suspect_decision
where number = $number
