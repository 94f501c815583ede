-- What did each account of the scope achieve in the period, and how much of it do we know?
-- grain: one row per account in the register, closed accounts included
-- params: $begin date, $end date, both included; $unit_id text and $account_id text, null for all
-- Beside a figure, <figure>_days: days that were present, of expected_days. A unit brings along the
-- units below it, as Article 6 lets a zone office see its own. Accounts opened after $end are left
-- out. reply_ratio is over the days on which both messages and replies are known.
with recursive snapshot as (
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

register as (
    select
        *,
        status in ('active', 'abnormal', 'in_public_notice') as is_operating
    from snapshot
    where position = 1 and coalesce(opened_on <= $end, true)
),

scope as (
    select cast($unit_id as text) as unit_id
    union
    select register.unit_id
    from register
    inner join scope on register.parent_unit_id = scope.unit_id
),

account as (
    select
        register.*,
        if(
            is_operating,
            cast($end as date) - greatest(cast($begin as date), coalesce(opened_on, $begin)) + 1,
            0
        ) as expected_days
    from register
    where
        (cast($unit_id as text) is null or unit_id in (select scope.unit_id from scope))
        and (cast($account_id as text) is null or account_id = $account_id)
),

total as (
    select
        account_id,
        sum(followers_new) as followers_new,
        count(followers_new) as followers_new_days,
        sum(followers_cancelled) as followers_cancelled,
        count(followers_cancelled) as followers_cancelled_days,
        sum(published_count) as published_count,
        count(published_count) as published_count_days,
        sum(original_count) as original_count,
        count(original_count) as original_count_days,
        sum(reposted_count) as reposted_count,
        count(reposted_count) as reposted_count_days,
        sum(interpretation_count) as interpretation_count,
        count(interpretation_count) as interpretation_count_days,
        sum(reads) as reads,
        count(reads) as reads_days,
        sum(plays) as plays,
        count(plays) as plays_days,
        sum(shares) as shares,
        count(shares) as shares_days,
        sum(likes) as likes,
        count(likes) as likes_days,
        sum(recommends) as recommends,
        count(recommends) as recommends_days,
        sum(comments) as comments,
        count(comments) as comments_days,
        sum(collections) as collections,
        count(collections) as collections_days,
        sum(messages_received) as messages_received,
        count(messages_received) as messages_received_days,
        sum(replies_sent) as replies_sent,
        count(replies_sent) as replies_sent_days,
        sum(messages_received) filter (replies_sent is not null) as messages_with_replies_known,
        sum(replies_sent) filter (messages_received is not null) as replies_with_messages_known
    from account_day
    where stat_date between $begin and $end
    group by account_id
),

followers as (
    select
        account_id,
        max(followers_total) filter (stat_date = cast($begin as date) - 1) as opening_followers,
        max(followers_total) filter (stat_date = $end) as closing_followers
    from account_day
    where stat_date in (cast($begin as date) - 1, cast($end as date))
    group by account_id
),

asked as (
    select account_id from fetch_outcome
    union
    select account_id from account_day
)

select
    account.account_id,
    account.taken_on,
    account.unit_id,
    account.unit_name,
    account.unit_kind,
    account.parent_unit_id,
    account.platform,
    account.name,
    account.status,
    account.opened_on,
    account.is_operating,
    asked.account_id is not null as is_connected,
    account.expected_days,
    total.* exclude (account_id),
    followers.opening_followers,
    followers.closing_followers,
    followers.closing_followers - followers.opening_followers as followers_growth
from account
left join total using (account_id)
left join followers using (account_id)
left join asked using (account_id)
order by account.unit_id, account.platform, account.account_id
