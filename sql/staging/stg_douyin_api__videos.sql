-- Figures of an account's videos since publication from the video_list replies not yet read.
-- grain: one row per payload, video and metric
-- value is text; a row without stat_date or content_id is a rejection
-- params: none
-- The figure belongs to the day (UTC+8) of asking.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{
            "err_no": "VARCHAR",
            "extra": {"error_code": "VARCHAR"},
            "data": {"error_code": "VARCHAR", "list": [{"item_id": "VARCHAR", "statistics": {
                "play_count": "VARCHAR", "digg_count": "VARCHAR", "comment_count": "VARCHAR",
                "share_count": "VARCHAR", "forward_count": "VARCHAR", "download_count": "VARCHAR"
            }}]}
        }')) as reply
    from pending_payload
    where source = 'douyin_api' and endpoint = 'video/video_list'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        unnest(case
            when
                reply.data.error_code <> '0' or reply.extra.error_code <> '0' or reply.err_no <> '0'
                then []
            else coalesce(reply.data.list, [null])
        end) as item
    from parsed
)

select
    account_id,
    item.item_id as content_id,
    unnest(['plays', 'likes', 'comments', 'shares', 'forwards', 'downloads']) as metric,
    'publication_cohort_snapshot' as semantics,
    if(item is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    unnest([
        item.statistics.play_count, item.statistics.digg_count, item.statistics.comment_count,
        item.statistics.share_count, item.statistics.forward_count, item.statistics.download_count
    ]) as value,
    'douyin_api' as source,
    payload_sha256
from item
