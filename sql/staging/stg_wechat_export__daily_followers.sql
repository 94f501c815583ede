-- Followers of an account from 用户分析 files that no build has read.
-- grain: one row per file, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
-- Left out: followers_net, which is new minus cancelled.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{"rows": [{
            "stat_date": "VARCHAR", "followers_new": "VARCHAR",
            "followers_cancelled": "VARCHAR", "followers_total": "VARCHAR"
        }]}')) as file
    from pending_payload
    where source = 'wechat_export' and endpoint = 'user_analysis/daily_followers'
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
    unnest(['followers_new', 'followers_cancelled', 'followers_total']) as metric,
    unnest(['daily_total', 'daily_total', 'end_of_day_snapshot']) as semantics,
    try_cast(line.stat_date as date) as stat_date,
    fetched_at,
    unnest([
        line.followers_new, line.followers_cancelled, line.followers_total
    ]) as value,
    'wechat_export' as source,
    payload_sha256
from line
