-- Incoming messages of an account from the getupstreammsg replies that no build has read.
-- grain: one row per payload, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        payload_number,
        try(from_json(body, '{
            "errcode": "VARCHAR", "is_delay": "BOOLEAN",
            "list": [{"ref_date": "VARCHAR", "msg_user": "VARCHAR", "msg_count": "VARCHAR"}]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint = 'getupstreammsg'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        payload_number,
        -- No rows from a reply that is late or an error, which its outcome tells. An unreadable one
        -- stays as one row without a day. A filter here would make the engine parse twice.
        unnest(case
            when reply.is_delay or reply.errcode <> '0' then []
            else coalesce(reply.list, [null])
        end) as item
    from parsed
),

part as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        payload_number,
        try_cast(item.ref_date as date) as stat_date,
        item.msg_user as sender_text,
        item.msg_count as message_text,
        try_cast(item.msg_count as double) as message_count
    from item
),

-- One row per msg_type. Messages add up; senders do not, because one person may send two types,
-- so a day with several types has no known number of senders.
account_total as (
    select
        any_value(account_id) as account_id,
        any_value(fetched_at) as fetched_at,
        any_value(payload_sha256) as payload_sha256,
        stat_date,
        if(
            count(message_count) = count(*),
            sum(message_count)::text,
            max(message_text) filter (message_count is null)
        ) as messages_received,
        if(count(*) = 1, max(sender_text), null) as message_senders
    from part
    group by payload_number, stat_date
)

select
    account_id,
    '' as content_id,
    unnest(['messages_received', 'message_senders']) as metric,
    'daily_total' as semantics,
    stat_date,
    fetched_at,
    unnest([messages_received, message_senders]) as value,
    'wechat_api' as source,
    payload_sha256
from account_total
