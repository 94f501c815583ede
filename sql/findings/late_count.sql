-- How many problems that somebody has to act on are past their deadline?
-- grain: one row
-- params: $today date, a calendar day in Asia/Shanghai
select count(*) as late_count
from finding
where state in ('open', 'accepted') and due_on < $today
