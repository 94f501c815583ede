-- Metrics that clearly fewer accounts reported yesterday than usually in the week before.
-- grain: one row per metric
-- params: $today date, a calendar day in Asia/Shanghai
-- Clearly: less than nine tenths of the median of the seven days before.
with present as (
    unpivot account_day
    on
    followers_total, followers_new, followers_cancelled, published_count, reads, shares,
    likes, recommends, comments, collections, messages_received
    into
    name metric
    value figure
),

daily as (
    select
        metric,
        stat_date,
        count(*) as account_count
    from present
    where stat_date between cast($today as date) - 8 and cast($today as date) - 1
    group by metric, stat_date
),

compared as (
    select
        metric,
        median(account_count) filter (stat_date < cast($today as date) - 1) as usual_accounts,
        coalesce(
            max(account_count) filter (stat_date = cast($today as date) - 1), 0
        ) as yesterday_accounts
    from daily
    group by metric
)

select
    metric,
    usual_accounts,
    yesterday_accounts
from compared
where yesterday_accounts < 0.9 * usual_accounts
