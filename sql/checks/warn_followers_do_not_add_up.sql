-- Days of the last week whose followers are not those of the day before, plus new, minus cancelled.
-- grain: one row per account and day
-- params: $today date, a calendar day in Asia/Shanghai
select
    later.account_id,
    later.stat_date,
    earlier.followers_total as followers_before,
    later.followers_new,
    later.followers_cancelled,
    later.followers_total
from account_day as later
inner join account_day as earlier
    on later.account_id = earlier.account_id and later.stat_date - 1 = earlier.stat_date
where
    later.stat_date between cast($today as date) - 7 and cast($today as date)
    and later.followers_total
    <> earlier.followers_total + later.followers_new - later.followers_cancelled
