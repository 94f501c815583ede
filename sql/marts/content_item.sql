-- What was published in the period, item by item, with the figures since publication.
-- grain: one row per account and published item
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id). Lists overlap under other identities, so of each
-- day the longest list counts, as in account_day. Figures are the last ones told, on figures_on;
-- null is missing. position_in_issue is 1 for a headline (头条), null where no identity says it.
with listed as (
    select standing_item.*
    from standing_item
    semi join packet_account using (account_id)
    where standing_item.published_on between $begin and $end
),

list as (
    select
        account_id,
        published_on,
        endpoint,
        row_number() over (
            partition by account_id, published_on
            order by count(distinct content_id) desc, endpoint asc
        ) as place
    from listed
    group by account_id, published_on, endpoint
),

named as (
    select
        account_id,
        content_id,
        max_by(title, fetched_at) as title,
        max_by(url, fetched_at) as url
    from listed
    group by account_id, content_id
),

item as (
    select
        listed.account_id,
        listed.content_id,
        min(listed.published_on) as published_on,
        min(listed.published_at) as published_at,
        min(listed.content_kind) as content_kind
    from listed
    inner join list
        on
            listed.account_id = list.account_id
            and listed.published_on = list.published_on
            and listed.endpoint is not distinct from list.endpoint
            and list.place = 1
    group by listed.account_id, listed.content_id
),

told as (
    select
        ranked_observation.account_id,
        ranked_observation.content_id,
        ranked_observation.metric,
        max(ranked_observation.stat_date) as told_on,
        max_by(
            ranked_observation.value, (ranked_observation.stat_date, ranked_observation.precedence)
        ) as value
    from ranked_observation
    semi join item using (account_id, content_id)
    where ranked_observation.semantics = 'publication_cohort_snapshot'
    group by
        ranked_observation.account_id, ranked_observation.content_id, ranked_observation.metric
),

figure as (
    select
        account_id,
        content_id,
        max(told_on) as figures_on,
        max(value) filter (metric = 'reads') as reads,
        max(value) filter (metric = 'plays') as plays,
        max(value) filter (metric = 'shares') as shares,
        max(value) filter (metric = 'likes') as likes,
        max(value) filter (metric = 'recommends') as recommends,
        max(value) filter (metric = 'comments') as comments,
        max(value) filter (metric = 'collections') as collections
    from told
    group by account_id, content_id
)

select
    item.account_id,
    item.content_id,
    named.title,
    named.url,
    item.published_on,
    item.published_at,
    item.content_kind,
    if(
        item.content_kind = 'article',
        try_cast(regexp_extract(item.content_id, '^[0-9A-Za-z-]+_([0-9]+)$', 1) as integer),
        null
    ) as position_in_issue,
    figure.figures_on,
    figure.reads,
    figure.plays,
    figure.shares,
    figure.likes,
    figure.recommends,
    figure.comments,
    figure.collections
from item
inner join named using (account_id, content_id)
left join figure using (account_id, content_id)
order by item.account_id, item.published_on, item.content_id
