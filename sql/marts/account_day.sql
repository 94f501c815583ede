-- The figures of an account on one day, for the days in touched_day; null is missing, never zero.
-- grain: one row per account and day
-- params: none
-- Reads the temporary table touched_day of the running build. What the platform itself says it
-- published is preferred to counting items, because no list has every kind of item.
with heard as (
    select ranked_observation.*
    from ranked_observation
    semi join touched_day using (account_id, stat_date)
    where ranked_observation.content_id = ''
),

figure as (
    select
        account_id,
        stat_date,
        max_by(value, precedence) filter (metric = 'followers_total') as followers_total,
        max_by(value, precedence) filter (metric = 'followers_new') as followers_new,
        max_by(value, precedence) filter (metric = 'followers_cancelled') as followers_cancelled,
        max_by(value, precedence) filter (metric = 'reads') as reads,
        max_by(value, precedence) filter (metric = 'plays') as plays,
        max_by(value, precedence) filter (metric = 'shares') as shares,
        max_by(value, precedence) filter (metric = 'likes') as likes,
        max_by(value, precedence) filter (metric = 'recommends') as recommends,
        max_by(value, precedence) filter (metric = 'comments') as comments,
        max_by(value, precedence) filter (metric = 'collections') as collections,
        max_by(value, precedence) filter (metric = 'messages_received') as messages_received,
        max_by(value, precedence) filter (metric = 'replies_sent') as replies_sent,
        max_by(value, precedence) filter (metric = 'original_count') as original_count,
        max_by(value, precedence) filter (metric = 'reposted_count') as reposted_count,
        max_by(value, precedence) filter (metric = 'interpretation_count')
            as interpretation_count,
        max_by(value, precedence) filter (metric = 'published_count') as published_count
    from heard
    group by account_id, stat_date
),

item as (
    select
        standing_item.account_id,
        standing_item.published_on as stat_date,
        standing_item.endpoint,
        count(distinct standing_item.content_id) as item_count
    from standing_item
    semi join touched_day
        on
            standing_item.account_id = touched_day.account_id
            and standing_item.published_on = touched_day.stat_date
    group by standing_item.account_id, standing_item.published_on, standing_item.endpoint
),

-- The lists overlap, so the longest one counts.
longest as (
    select
        account_id,
        stat_date,
        max(item_count) as item_count
    from item
    group by account_id, stat_date
),

-- A list is whole when every page of one reading arrived and could be understood; the day must be
-- over when it was read.
reading as (
    select
        fetch_outcome.account_id,
        fetch_outcome.ref_begin_on,
        least(
            fetch_outcome.ref_end_on,
            cast(min(fetch_outcome.asked_at) + interval 8 hour as date) - 1
        ) as ref_end_on
    from fetch_outcome
    left join rejected_payload using (payload_sha256, account_id)
    where
        fetch_outcome.endpoint in (
            'freepublish/batchget', 'statuses/user_timeline', 'video/video_list',
            'archive/viewlist', 'photo/list'
        )
    group by
        fetch_outcome.account_id, fetch_outcome.run_id,
        fetch_outcome.ref_begin_on, fetch_outcome.ref_end_on
    having
        bool_and(fetch_outcome.status in ('value', 'absent'))
        and count(rejected_payload.payload_sha256) = 0
),

covered as (
    select
        touched_day.account_id,
        touched_day.stat_date
    from touched_day
    semi join reading
        on
            touched_day.account_id = reading.account_id
            and touched_day.stat_date between reading.ref_begin_on and reading.ref_end_on
)

select
    touched_day.account_id,
    touched_day.stat_date,
    figure.followers_total,
    figure.followers_new,
    figure.followers_cancelled,
    figure.reads,
    figure.plays,
    figure.shares,
    figure.likes,
    figure.recommends,
    figure.comments,
    figure.collections,
    figure.messages_received,
    figure.replies_sent,
    figure.original_count,
    figure.reposted_count,
    figure.interpretation_count,
    coalesce(
        figure.published_count,
        longest.item_count,
        if(covered.account_id is not null, 0, null)
    ) as published_count
from touched_day
left join figure using (account_id, stat_date)
left join longest using (account_id, stat_date)
left join covered using (account_id, stat_date)
where coalesce(figure.account_id, longest.account_id, covered.account_id) is not null
