-- Published items from the freepublish/batchget and getarticletotaldetail replies not yet read.
-- grain: one row per payload and item; a row without content_id or published_on is a rejection
-- params: none
-- The identifier is mid_idx, as in the address and in msgid, so that lists and exports meet.
-- An item deleted later (is_deleted) was published all the same. Days are Asia/Shanghai, UTC+8.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{
            "errcode": "VARCHAR", "is_delay": "BOOLEAN",
            "list": [{
                "ref_date": "VARCHAR", "msgid": "VARCHAR",
                "title": "VARCHAR", "content_url": "VARCHAR"
            }],
            "item": [{
                "article_id": "VARCHAR", "update_time": "VARCHAR",
                "content": {
                    "create_time": "VARCHAR",
                    "news_item": [{"title": "VARCHAR", "url": "VARCHAR"}]
                }
            }]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint in ('freepublish/batchget', 'getarticletotaldetail')
),

listed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(case
            when reply.errcode <> '0' then []
            else coalesce(reply.item, [null])
        end) as item
    from parsed
    where endpoint = 'freepublish/batchget'
),

article as (
    select
        * exclude (item),
        item.article_id,
        try(make_timestamp(
            try_cast(coalesce(item.content.create_time, item.update_time) as bigint) * 1000000
        )) as published_at,
        unnest(coalesce(item.content.news_item, [null])) as news_item,
        generate_subscripts(coalesce(item.content.news_item, [null]), 1) as position
    from listed
),

cohort as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(case
            when reply.is_delay or reply.errcode <> '0' then []
            else reply.list
        end) as item
    from parsed
    where endpoint = 'getarticletotaldetail'
)

select
    account_id,
    coalesce(
        nullif(regexp_extract(
            regexp_extract(news_item.url, '[?&;]mid=([0-9]+)', 1)
            || '_' || regexp_extract(news_item.url, '[?&;]idx=([0-9]+)', 1),
            '^[0-9]+_[0-9]+$'
        ), ''),
        article_id || '_' || position
    ) as content_id,
    news_item.title,
    cast(published_at + interval 8 hour as date) as published_on,
    published_at,
    news_item.url,
    'article' as content_kind,
    'wechat_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from article
union all
select
    account_id,
    item.msgid as content_id,
    item.title,
    try_cast(item.ref_date as date) as published_on,
    null as published_at,
    item.content_url as url,
    'article' as content_kind,
    'wechat_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from cohort
