-- Works of an account from the photo/list replies that no build has read.
-- grain: one row per payload and work; a row without content_id or published_on is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{"result": "VARCHAR", "video_list": [{
            "photo_id": "VARCHAR", "caption": "VARCHAR", "create_time": "VARCHAR"
        }]}')) as reply
    from pending_payload
    where source = 'kuaishou_api' and endpoint = 'photo/list'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(if(reply.result <> '1', [], coalesce(reply.video_list, [null]))) as item
    from parsed
),

dated as (
    select
        *,
        try(make_timestamp(try_cast(item.create_time as bigint) * 1000)) as published_at
    from item
)

select
    account_id,
    item.photo_id as content_id,
    left(item.caption, 60) as title,
    cast(published_at + interval 8 hour as date) as published_on,
    published_at,
    null as url,
    'video' as content_kind,
    'kuaishou_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from dated
