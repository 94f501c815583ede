-- Followers at the end of a day of the last week that are a fifth away from the evening before.
-- grain: one row per account and day
-- params: $today date, a calendar day in Asia/Shanghai
-- A sanity check of the figure itself; marts/follower_jump weighs an account against its habits.
select
    later.account_id,
    later.stat_date,
    earlier.followers_total as followers_before,
    later.followers_total
from account_day as later
inner join account_day as earlier
    on later.account_id = earlier.account_id and later.stat_date - 1 = earlier.stat_date
where
    later.stat_date between cast($today as date) - 7 and cast($today as date)
    and abs(later.followers_total - earlier.followers_total)
    > greatest(100, 0.2 * earlier.followers_total)
