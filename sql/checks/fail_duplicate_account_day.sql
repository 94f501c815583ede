-- Account days that exist more than once; every sum over a period would count them twice.
-- grain: one row per account and day
-- params: none
select
    account_id,
    stat_date,
    count(*) as row_count
from account_day
group by account_id, stat_date
having count(*) > 1
