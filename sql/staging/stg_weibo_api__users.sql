-- Followers and posts of an account at the moment of asking, from users/counts and users/show.
-- grain: one row per payload and metric
-- value is text; a row without stat_date is a rejection
-- params: none
-- The interface knows no days: the figure belongs to the day (UTC+8) on which it was asked for.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(json_extract_string(body, '$.error_code')) as error_code,
        -- users/counts answers with a list, users/show with the one object.
        try(from_json(
            case when starts_with(ltrim(body), '[') then body else '[' || body || ']' end,
            '[{"followers_count": "VARCHAR", "statuses_count": "VARCHAR"}]'
        )) as users
    from pending_payload
    where source = 'weibo_api' and endpoint in ('users/counts', 'users/show')
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        -- No rows from an error, which its outcome tells; an unreadable reply stays as one row.
        unnest(case
            when error_code <> '0' then []
            else coalesce(users, [null])
        end) as item
    from parsed
)

select
    account_id,
    '' as content_id,
    unnest(['followers_total', 'items_total']) as metric,
    'snapshot' as semantics,
    if(item is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    unnest([item.followers_count, item.statuses_count]) as value,
    'weibo_api' as source,
    payload_sha256
from item
