-- Videos of an account from the archive/viewlist replies that no build has read.
-- grain: one row per payload and video; a row without content_id or published_on is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{"code": "VARCHAR", "data": {"list": [{
            "resource_id": "VARCHAR", "title": "VARCHAR", "ptime": "VARCHAR",
            "video_info": {"share_url": "VARCHAR"}
        }]}}')) as reply
    from pending_payload
    where source = 'bilibili_api' and endpoint = 'archive/viewlist'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(if(reply.code <> '0', [], coalesce(reply.data.list, [null]))) as item
    from parsed
),

dated as (
    select
        *,
        try(make_timestamp(try_cast(item.ptime as bigint) * 1000000)) as published_at
    from item
)

select
    account_id,
    item.resource_id as content_id,
    item.title,
    cast(published_at + interval 8 hour as date) as published_on,
    published_at,
    item.video_info.share_url as url,
    'video' as content_kind,
    'bilibili_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from dated
