-- Which days of which figure are missing, so that expected days less these are the days present?
-- grain: one row per account, metric and run of missing days
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on). An account owes every figure from its
-- opening on, also one that its source never gave: both print as 未取得. lost_days: those of the run
-- on which some endpoint of the account is no longer given by its platform.
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
    likes, recommends, comments, collections, messages_received, plays
    into
    name metric
    value figure
),

metric_name as (
    select unnest([
        'followers_total', 'followers_new', 'followers_cancelled', 'published_count', 'reads',
        'shares', 'likes', 'recommends', 'comments', 'collections', 'messages_received', 'plays'
    ]) as metric
),

lost as (
    select distinct
        lost_day.account_id,
        cast(unnest(generate_series(
            cast(lost_day.begin_on as timestamp),
            cast(lost_day.end_on as timestamp),
            interval 1 day
        )) as date) as lost_on
    from lost_day
    semi join packet_account using (account_id)
    where lost_day.begin_on <= $end and lost_day.end_on >= $begin
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
        cast(expected.stat_at as date) as missing_on,
        lost.lost_on is not null as is_lost
    from expected
    anti join present
        on
            expected.account_id = present.account_id
            and expected.metric = present.metric
            and expected.stat_at = present.stat_date
    left join lost
        on
            expected.account_id = lost.account_id
            and expected.stat_at = lost.lost_on
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
    count(*) as missing_days,
    count(*) filter (is_lost) as lost_days
from numbered
group by account_id, metric, run_start
order by account_id, begin_on, end_on, metric
