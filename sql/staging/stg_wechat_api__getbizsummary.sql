-- Reads, shares and other daily figures of an account from the getbizsummary replies not yet read.
-- grain: one row per payload, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
-- The parts of read_user_source overlap: only 全部 is a total.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{
            "errcode": "VARCHAR", "is_delay": "BOOLEAN",
            "list": [{"ref_date": "VARCHAR", "detail": {
                "read_user": "VARCHAR", "share_user": "VARCHAR", "zaikan_user": "VARCHAR",
                "like_user": "VARCHAR", "comment_count": "VARCHAR", "collection_user": "VARCHAR",
                "send_page_count": "VARCHAR",
                "read_user_source": [{"user_count": "VARCHAR", "scene_desc": "VARCHAR"}]
            }}]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint = 'getbizsummary'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        -- No rows from a reply that is late or an error, which its outcome tells. An unreadable one
        -- stays as one row without a day. A filter here would make the engine parse twice.
        unnest(case
            when reply.is_delay or reply.errcode <> '0' then []
            else coalesce(reply.list, [null])
        end) as item
    from parsed
)

select
    account_id,
    '' as content_id,
    unnest([
        'reads', 'shares', 'recommends', 'likes', 'comments', 'collections', 'published_count'
    ]) as metric,
    'daily_total' as semantics,
    try_cast(item.ref_date as date) as stat_date,
    fetched_at,
    unnest([
        coalesce(
            list_filter(
                item.detail.read_user_source, lambda part: part.scene_desc = '全部'
            )[1].user_count,
            item.detail.read_user
        ),
        item.detail.share_user,
        item.detail.zaikan_user,
        item.detail.like_user,
        item.detail.comment_count,
        item.detail.collection_user,
        item.detail.send_page_count
    ]) as value,
    'wechat_api' as source,
    payload_sha256
from item
