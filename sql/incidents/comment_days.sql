-- How many comments each account received on each day since one; days without figure are left out.
-- grain: one row per account and day
-- params: $begin date, a calendar day in Asia/Shanghai
select
    account_id,
    stat_date,
    comments
from account_day
where stat_date >= $begin and comments is not null
order by account_id, stat_date
