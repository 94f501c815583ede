-- Figures of an account's works since publication from the photo/list replies not yet read.
-- grain: one row per payload, work and metric
-- value is text; a row without stat_date or content_id is a rejection
-- params: none
-- The figure belongs to the day (UTC+8) of asking.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{"result": "VARCHAR", "video_list": [{
            "photo_id": "VARCHAR",
            "view_count": "VARCHAR", "like_count": "VARCHAR", "comment_count": "VARCHAR"
        }]}')) as reply
    from pending_payload
    where source = 'kuaishou_api' and endpoint = 'photo/list'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        unnest(if(reply.result <> '1', [], coalesce(reply.video_list, [null]))) as item
    from parsed
)

select
    account_id,
    item.photo_id as content_id,
    unnest(['plays', 'likes', 'comments']) as metric,
    'publication_cohort_snapshot' as semantics,
    if(item is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    unnest([item.view_count, item.like_count, item.comment_count]) as value,
    'kuaishou_api' as source,
    payload_sha256
from item
