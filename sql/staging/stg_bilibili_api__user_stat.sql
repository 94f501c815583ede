-- Followers, works and the thirty-day increments of an account at the moment of asking.
-- grain: one row per payload and metric that the reply has
-- value is text; a row without stat_date is a rejection
-- params: none
-- The increments span thirty days, so they bear names of their own and never meet a day's figures.
-- icn_reply is the platform's own spelling.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(from_json(body, '{"code": "VARCHAR", "data": {
            "follower": "VARCHAR", "arc_passed_total": "VARCHAR",
            "inc_click": "VARCHAR", "inc_dm": "VARCHAR", "icn_reply": "VARCHAR",
            "inc_fav": "VARCHAR", "inc_coin": "VARCHAR", "inc_share": "VARCHAR",
            "inc_like": "VARCHAR"
        }}')) as reply
    from pending_payload
    where source = 'bilibili_api' and endpoint in ('data/user/stat', 'data/arc/inc-stats')
),

figure as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        reply.data as given,
        unnest(case
            when reply.code <> '0' then []
            when endpoint = 'data/user/stat'
                then
                    [
                        struct_pack(metric := 'followers_total', value := reply.data.follower),
                        struct_pack(metric := 'items_total', value := reply.data.arc_passed_total)
                    ]
            else [
                struct_pack(metric := 'plays_30_days', value := reply.data.inc_click),
                struct_pack(metric := 'danmaku_30_days', value := reply.data.inc_dm),
                struct_pack(metric := 'comments_30_days', value := reply.data.icn_reply),
                struct_pack(metric := 'collections_30_days', value := reply.data.inc_fav),
                struct_pack(metric := 'coins_30_days', value := reply.data.inc_coin),
                struct_pack(metric := 'shares_30_days', value := reply.data.inc_share),
                struct_pack(metric := 'likes_30_days', value := reply.data.inc_like)
            ]
        end) as figure
    from parsed
)

select
    account_id,
    '' as content_id,
    figure.metric,
    'snapshot' as semantics,
    if(given is null, null, cast(fetched_at + interval 8 hour as date)) as stat_date,
    fetched_at,
    figure.value,
    'bilibili_api' as source,
    payload_sha256
from figure
