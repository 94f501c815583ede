-- Videos of an account from the video_list replies that no build has read.
-- grain: one row per payload and video; a row without content_id or published_on is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{
            "err_no": "VARCHAR",
            "extra": {"error_code": "VARCHAR"},
            "data": {"error_code": "VARCHAR", "list": [{
                "item_id": "VARCHAR", "title": "VARCHAR", "create_time": "VARCHAR"
            }]}
        }')) as reply
    from pending_payload
    where source = 'douyin_api' and endpoint = 'video/video_list'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(case
            when
                reply.data.error_code <> '0' or reply.extra.error_code <> '0' or reply.err_no <> '0'
                then []
            else coalesce(reply.data.list, [null])
        end) as item
    from parsed
),

dated as (
    select
        *,
        try(make_timestamp(try_cast(item.create_time as bigint) * 1000000)) as published_at
    from item
)

select
    account_id,
    item.item_id as content_id,
    item.title,
    cast(published_at + interval 8 hour as date) as published_on,
    published_at,
    null as url,
    'video' as content_kind,
    'douyin_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from dated
