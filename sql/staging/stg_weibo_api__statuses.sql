-- Reposts, comments and likes of an account's posts since publication, from list and counts.
-- grain: one row per payload, post and metric
-- value is text; a row without stat_date or content_id is a rejection
-- params: none
-- The figure belongs to the day (UTC+8) of asking. Identifiers are read as text: they are too long
-- for a double.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(json_extract_string(body, '$.error_code')) as error_code,
        try(from_json(
            if(endpoint = 'statuses/count', '{"statuses": ' || body || '}', body),
            '{"statuses": [{
                "idstr": "VARCHAR", "id": "VARCHAR",
                "reposts_count": "VARCHAR", "comments_count": "VARCHAR",
                "attitudes_count": "VARCHAR", "reposts": "VARCHAR", "comments": "VARCHAR"
            }]}'
        )) as reply
    from pending_payload
    where source = 'weibo_api' and endpoint in ('statuses/user_timeline', 'statuses/count')
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        unnest(case
            when error_code <> '0' then []
            else coalesce(reply.statuses, [null])
        end) as item
    from parsed
)

select
    account_id,
    coalesce(item.idstr, item.id) as content_id,
    unnest(['shares', 'comments', 'likes']) as metric,
    'publication_cohort_snapshot' as semantics,
    if(item is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    unnest([
        coalesce(item.reposts_count, item.reposts),
        coalesce(item.comments_count, item.comments),
        item.attitudes_count
    ]) as value,
    'weibo_api' as source,
    payload_sha256
from item
