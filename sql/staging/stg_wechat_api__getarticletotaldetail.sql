-- Cumulative figures of an article since publication, from getarticletotaldetail replies.
-- grain: one row per payload, article, day and metric
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
            "list": [{"msgid": "VARCHAR", "detail_list": [{
                "stat_date": "VARCHAR",
                "read_user": "VARCHAR", "share_user": "VARCHAR", "zaikan_user": "VARCHAR",
                "like_user": "VARCHAR", "comment_count": "VARCHAR", "collection_user": "VARCHAR",
                "read_user_source": [{"user_count": "VARCHAR", "scene_desc": "VARCHAR"}]
            }]}]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint = 'getarticletotaldetail'
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
),

article_day as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        item.msgid,
        unnest(coalesce(item.detail_list, [null])) as detail
    from item
)

select
    account_id,
    msgid as content_id,
    unnest([
        'reads', 'shares', 'recommends', 'likes', 'comments', 'collections'
    ]) as metric,
    'publication_cohort_snapshot' as semantics,
    try_cast(detail.stat_date as date) as stat_date,
    fetched_at,
    unnest([
        coalesce(
            list_filter(detail.read_user_source, lambda part: part.scene_desc = '全部')[1].user_count,
            detail.read_user
        ),
        detail.share_user,
        detail.zaikan_user,
        detail.like_user,
        detail.comment_count,
        detail.collection_user
    ]) as value,
    'wechat_api' as source,
    payload_sha256
from article_day
