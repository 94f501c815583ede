-- Shares, collections and published items of an account from 内容分析 files not yet read.
-- grain: one row per file, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
-- Left out: original_page_visits, which no other source has.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{"rows": [{
            "stat_date": "VARCHAR", "shares": "VARCHAR",
            "collections": "VARCHAR", "published_count": "VARCHAR"
        }]}')) as file
    from pending_payload
    where source = 'wechat_export' and endpoint = 'content_analysis/daily_actions'
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
    '' as content_id,
    unnest(['shares', 'collections', 'published_count']) as metric,
    'daily_total' as semantics,
    try_cast(line.stat_date as date) as stat_date,
    fetched_at,
    unnest([line.shares, line.collections, line.published_count]) as value,
    'wechat_export' as source,
    payload_sha256
from line
