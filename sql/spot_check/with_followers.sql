-- Of which accounts are followers known in the period?
-- grain: one row per account
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
select distinct account_id
from account_day
where followers_total is not null and stat_date between $begin and $end
order by account_id
