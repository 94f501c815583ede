-- Which days of which figure are missing, so that expected days less these are the days present?
-- grain: one row per account, metric and run of missing days
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on). Unlike marts/coverage_gap an account owes
-- every figure from its opening on, also one that its source never gave: both print as 未取得.
with mine as (
    select account_day.*
    from account_day
    semi join packet_account using (account_id)
    where account_day.stat_date between $begin and $end
),

present as (
    unpivot mine
    on
    followers_total, followers_new, followers_cancelled, published_count, reads, shares,
    likes, recommends, comments, collections, messages_received
    into
    name metric
    value figure
),

metric_name as (
    select unnest([
        'followers_total', 'followers_new', 'followers_cancelled', 'published_count', 'reads',
        'shares', 'likes', 'recommends', 'comments', 'collections', 'messages_received'
    ]) as metric
),

expected as (
    select
        packet_account.account_id,
        metric_name.metric,
        unnest(generate_series(
            greatest(cast($begin as timestamp), coalesce(packet_account.opened_on, $begin)),
            cast($end as timestamp),
            interval 1 day
        )) as stat_at
    from packet_account
    cross join metric_name
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
order by account_id, begin_on, end_on, metric
