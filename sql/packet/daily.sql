-- Followers and publications of every day, for the charts.
-- grain: one row per account and day that has either figure
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on).
with mine as (
    select account_day.*
    from account_day
    semi join packet_account using (account_id)
    where account_day.stat_date between $begin and $end
)

select
    account_id,
    stat_date,
    followers_total,
    published_count
from mine
where coalesce(followers_total, published_count) is not null
order by account_id, stat_date
