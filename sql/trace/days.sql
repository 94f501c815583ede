-- What a figure of a period is made of: each account's days, their value and the word it rests on.
-- grain: one row per account and day that has the figure
-- params: $metric text; $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id). source is null where items were counted instead.
with mart as (
    unpivot account_day
    on
    followers_total, followers_new, followers_cancelled, published_count, reads, shares,
    likes, recommends, comments, collections, messages_received, replies_sent, plays,
    original_count, reposted_count, interpretation_count
    into
    name metric
    value figure
),

used as (
    select
        account_id,
        stat_date,
        max_by(value, precedence) as value,
        max_by(source, precedence) as source,
        max_by(fetched_at, precedence) as fetched_at,
        max_by(payload_sha256, precedence) as payload_sha256,
        count(distinct value) as version_count
    from ranked_observation
    where content_id = '' and metric = $metric and stat_date between $begin and $end
    group by account_id, stat_date
),

figure as (
    select
        account_id,
        stat_date,
        figure
    from mart
    where metric = $metric and stat_date between $begin and $end
)

select
    figure.account_id,
    figure.stat_date,
    figure.figure as value,
    used.source,
    used.fetched_at,
    used.payload_sha256,
    coalesce(used.version_count, 0) as version_count
from figure
semi join packet_account on figure.account_id = packet_account.account_id
left join used
    on figure.account_id = used.account_id and figure.stat_date = used.stat_date
order by figure.account_id, figure.stat_date
