-- Published items from 内容分析 and 已通知内容 files that no build has read.
-- grain: one row per file and item; a row without content_id or published_on is a rejection
-- params: none
-- An item without an address has no mid_idx: its day and title stand in, a weak key. The figures of
-- the item are left out, because the files do not say up to which day they count.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{"rows": [{
            "title": "VARCHAR", "published_on": "VARCHAR",
            "url": "VARCHAR", "content_id": "VARCHAR"
        }]}')) as file
    from pending_payload
    where
        source = 'wechat_export'
        and endpoint in ('content_total/articles', 'content_notified/articles')
),

line as (
    select
        * exclude (file),
        -- An unreadable file stays as one row without a day, which counts as a rejection.
        unnest(coalesce(file.rows, [null])) as line
    from parsed
)

select
    account_id,
    coalesce(line.content_id, line.published_on || ' ' || line.title) as content_id,
    line.title,
    try_cast(line.published_on as date) as published_on,
    cast(null as timestamp) as published_at,
    line.url,
    'article' as content_kind,
    'wechat_export' as source,
    endpoint,
    fetched_at,
    payload_sha256
from line
