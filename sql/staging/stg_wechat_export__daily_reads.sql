-- Reads of an account from 内容分析 files that no build has read.
-- grain: one row per file and day
-- value is text; a row without stat_date is a rejection
-- params: none
-- The channels overlap: only 全部 is a total, so a day without that row stays missing.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{"rows": [{
            "stat_date": "VARCHAR", "channel": "VARCHAR", "reads": "VARCHAR"
        }]}')) as file
    from pending_payload
    where source = 'wechat_export' and endpoint = 'content_analysis/daily_reads'
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
    'reads' as metric,
    'daily_total' as semantics,
    try_cast(line.stat_date as date) as stat_date,
    fetched_at,
    line.reads as value,
    'wechat_export' as source,
    payload_sha256
from line
where line is null or line.channel = '全部'
