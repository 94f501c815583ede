-- What did the district achieve in the period, and how much of it do we know?
-- grain: one row per period
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Beside every figure, <figure>_days: account-days that were present, of expected_days. An account
-- is expected from its opening while it is meant to publish. Growth is of accounts whose followers
-- are known at both ends (the evening before $begin, the evening of $end); else it is null.
with snapshot as (
    select
        *,
        row_number() over (
            partition by account_id
            order by
                taken_on <= $end desc,
                if(taken_on <= $end, taken_on, null) desc nulls last,
                taken_on asc
        ) as position
    from account_snapshot
),

account as (
    select
        account_id,
        unit_id,
        unit_name,
        greatest(
            cast($end as date) - greatest(cast($begin as date), coalesce(opened_on, $begin)) + 1, 0
        ) as expected_days
    from snapshot
    where position = 1 and status in ('active', 'abnormal', 'in_public_notice')
),

total as (
    select
        account_day.account_id,
        sum(account_day.followers_new) as followers_new,
        count(account_day.followers_new) as followers_new_days,
        sum(account_day.followers_cancelled) as followers_cancelled,
        count(account_day.followers_cancelled) as followers_cancelled_days,
        sum(account_day.published_count) as published_count,
        count(account_day.published_count) as published_count_days,
        sum(account_day.reads) as reads,
        count(account_day.reads) as reads_days,
        sum(account_day.shares) as shares,
        count(account_day.shares) as shares_days,
        sum(account_day.likes) as likes,
        count(account_day.likes) as likes_days,
        sum(account_day.recommends) as recommends,
        count(account_day.recommends) as recommends_days,
        sum(account_day.comments) as comments,
        count(account_day.comments) as comments_days,
        sum(account_day.collections) as collections,
        count(account_day.collections) as collections_days,
        sum(account_day.messages_received) as messages_received,
        count(account_day.messages_received) as messages_received_days
    from account_day
    where account_day.stat_date between $begin and $end
    group by account_day.account_id
),

followers as (
    select
        account_id,
        max(followers_total) filter (stat_date = cast($begin as date) - 1) as opening_followers,
        max(followers_total) filter (stat_date = $end) as closing_followers
    from account_day
    where stat_date in (cast($begin as date) - 1, cast($end as date))
    group by account_id
)

select
    count(*) as account_count,
    sum(account.expected_days) as expected_days,
    sum(total.followers_new) as followers_new,
    coalesce(sum(total.followers_new_days), 0) as followers_new_days,
    sum(total.followers_cancelled) as followers_cancelled,
    coalesce(sum(total.followers_cancelled_days), 0) as followers_cancelled_days,
    sum(total.published_count) as published_count,
    coalesce(sum(total.published_count_days), 0) as published_count_days,
    sum(total.reads) as reads,
    coalesce(sum(total.reads_days), 0) as reads_days,
    sum(total.shares) as shares,
    coalesce(sum(total.shares_days), 0) as shares_days,
    sum(total.likes) as likes,
    coalesce(sum(total.likes_days), 0) as likes_days,
    sum(total.recommends) as recommends,
    coalesce(sum(total.recommends_days), 0) as recommends_days,
    sum(total.comments) as comments,
    coalesce(sum(total.comments_days), 0) as comments_days,
    sum(total.collections) as collections,
    coalesce(sum(total.collections_days), 0) as collections_days,
    sum(total.messages_received) as messages_received,
    coalesce(sum(total.messages_received_days), 0) as messages_received_days,
    sum(followers.opening_followers) as opening_followers,
    count(followers.opening_followers) as opening_accounts,
    sum(followers.closing_followers) as closing_followers,
    count(followers.closing_followers) as closing_accounts,
    sum(followers.closing_followers - followers.opening_followers) as followers_growth,
    count(followers.closing_followers - followers.opening_followers) as growth_accounts,
    sum(followers.closing_followers - followers.opening_followers)
    / nullif(
        sum(followers.opening_followers) filter (followers.closing_followers is not null), 0
    ) as followers_growth_ratio
from account
left join total using (account_id)
left join followers using (account_id)
