-- Followers and reads of an account from the daily replies of the invented signed interface.
-- grain: one row per payload, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        try(from_json(body, '{
            "code": "VARCHAR",
            "data": {"rows": [{"day": "VARCHAR", "followers": "VARCHAR", "reads": "VARCHAR"}]}
        }')) as reply
    from pending_payload
    where source = 'signed_app_api' and endpoint = 'daily'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        -- No rows from an error, which its outcome tells. An unreadable reply stays as one row
        -- without a day.
        unnest(case
            when reply.code <> '0' then []
            else coalesce(reply.data.rows, [null])
        end) as item
    from parsed
)

select
    account_id,
    '' as content_id,
    unnest(['followers_total', 'reads']) as metric,
    unnest(['end_of_day_snapshot', 'daily_total']) as semantics,
    try_cast(item.day as date) as stat_date,
    fetched_at,
    unnest([item.followers, item.reads]) as value,
    'signed_app_api' as source,
    payload_sha256
from item
