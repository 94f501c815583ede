-- Which days of which figure are missing, as ranges?
-- grain: one row per account, metric and run of missing days
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- A figure is expected from the first day the account ever had it: a source that never gave it owes
-- nothing. Missing is not zero, and this list is what the packet prints as 未取得.
with present as (
    unpivot account_day
    on
    followers_total, followers_new, followers_cancelled, published_count, reads, shares,
    likes, recommends, comments, collections, messages_received
    into
    name metric
    value figure
),

expected as (
    select
        account_id,
        metric,
        unnest(generate_series(
            greatest(min(stat_date), cast($begin as date)), cast($end as date), interval 1 day
        )) as stat_at
    from present
    group by account_id, metric
),

missing as (
    select
        expected.account_id,
        expected.metric,
        cast(expected.stat_at as date) as missing_on
    from expected
    anti join present
        on
            expected.account_id = present.account_id
            and expected.metric = present.metric
            and expected.stat_at = present.stat_date
),

numbered as (
    select
        *,
        -- Days of one run share the same difference between day and position.
        missing_on - cast(row_number() over (
            partition by account_id, metric order by missing_on
        ) as integer) as run_start
    from missing
)

select
    account_id,
    metric,
    min(missing_on) as begin_on,
    max(missing_on) as end_on,
    count(*) as missing_days
from numbered
group by account_id, metric, run_start
order by account_id, metric, begin_on
