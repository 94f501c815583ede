-- Shares of an article on one day from the getarticleshare replies that no build has read.
-- grain: one row per payload, article and day
-- value is text; a row without stat_date is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{
            "errcode": "VARCHAR", "is_delay": "BOOLEAN",
            "list": [{
                "ref_date": "VARCHAR", "msgid": "VARCHAR", "detail": {"share_user": "VARCHAR"}
            }]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint = 'getarticleshare'
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
    item.msgid as content_id,
    'shares' as metric,
    'daily_total' as semantics,
    try_cast(item.ref_date as date) as stat_date,
    fetched_at,
    item.detail.share_user as value,
    'wechat_api' as source,
    payload_sha256
from item
