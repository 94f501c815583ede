-- Followers and public works of an account at the moment of asking, from user_info and photo/count.
-- grain: one row per payload
-- value is text; a row without stat_date is a rejection
-- params: none
-- The figure belongs to the day (UTC+8) of asking.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{
            "result": "VARCHAR", "public_count": "VARCHAR", "user_info": {"fan": "VARCHAR"}
        }')) as reply
    from pending_payload
    where source = 'kuaishou_api' and endpoint in ('user_info', 'photo/count')
)

select
    account_id,
    '' as content_id,
    if(endpoint = 'user_info', 'followers_total', 'items_total') as metric,
    'snapshot' as semantics,
    if(reply is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    if(endpoint = 'user_info', reply.user_info.fan, reply.public_count) as value,
    'kuaishou_api' as source,
    payload_sha256
from parsed
where reply is null or reply.result = '1'
