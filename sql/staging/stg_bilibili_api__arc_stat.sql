-- Figures of an account's videos since publication from the data/arc/stat replies not yet read.
-- grain: one row per payload and metric
-- value is text; a row without stat_date or content_id is a rejection
-- params: none
-- The reply does not name its video: what was asked stands before it. The figure belongs to the day
-- (UTC+8) of asking.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{"item_ids": ["VARCHAR"], "reply": {"code": "VARCHAR", "data": {
            "view": "VARCHAR", "danmaku": "VARCHAR", "reply": "VARCHAR", "favorite": "VARCHAR",
            "coin": "VARCHAR", "share": "VARCHAR", "like": "VARCHAR"
        }}}')) as kept
    from pending_payload
    where source = 'bilibili_api' and endpoint = 'data/arc/stat'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        kept.item_ids[1] as content_id,
        unnest(if(kept.reply.code <> '0', [], [kept.reply.data])) as item
    from parsed
)

select
    account_id,
    content_id,
    unnest([
        'plays', 'danmaku', 'comments', 'collections', 'coins', 'shares', 'likes'
    ]) as metric,
    'publication_cohort_snapshot' as semantics,
    if(item is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    unnest([
        item.view, item.danmaku, item.reply, item.favorite, item.coin, item.share, item."like"
    ]) as value,
    'bilibili_api' as source,
    payload_sha256
from item
