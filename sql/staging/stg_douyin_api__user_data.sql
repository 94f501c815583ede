-- Daily figures of an account from the six data/external/user replies that no build has read.
-- grain: one row per payload, day and metric that the reply has
-- value is text; a row without stat_date is a rejection
-- params: none
-- Codes and numbers are text or numbers by the age of the interface; VARCHAR reads both.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        split_part(endpoint, '/', 4) as kind,
        try(from_json(body, '{
            "err_no": "VARCHAR",
            "extra": {"error_code": "VARCHAR"},
            "data": {"error_code": "VARCHAR", "result_list": [{
                "date": "VARCHAR",
                "new_issue": "VARCHAR", "new_play": "VARCHAR", "total_issue": "VARCHAR",
                "new_fans": "VARCHAR", "total_fans": "VARCHAR", "new_like": "VARCHAR",
                "new_comment": "VARCHAR", "new_share": "VARCHAR", "profile_uv": "VARCHAR"
            }]}
        }')) as reply
    from pending_payload
    where source = 'douyin_api' and starts_with(endpoint, 'data/external/user/')
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        kind,
        -- No rows from an error, which its outcome tells; an unreadable reply stays as one row.
        unnest(case
            when
                reply.data.error_code <> '0' or reply.extra.error_code <> '0' or reply.err_no <> '0'
                then []
            else coalesce(reply.data.result_list, [null])
        end) as item
    from parsed
),

figure as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        item.date as day,
        unnest(case kind
            when 'item'
                then
                    [
                        struct_pack(metric := 'published_count', value := item.new_issue),
                        struct_pack(metric := 'plays', value := item.new_play),
                        struct_pack(metric := 'items_total', value := item.total_issue)
                    ]
            when 'fans'
                then
                    [
                        struct_pack(metric := 'followers_net_new', value := item.new_fans),
                        struct_pack(metric := 'followers_total', value := item.total_fans)
                    ]
            when 'like' then [struct_pack(metric := 'likes', value := item.new_like)]
            when 'comment' then [struct_pack(metric := 'comments', value := item.new_comment)]
            when 'share' then [struct_pack(metric := 'shares', value := item.new_share)]
            when
                'profile'
                then [struct_pack(metric := 'profile_visitors', value := item.profile_uv)]
        end) as figure
    from item
)

select
    account_id,
    '' as content_id,
    figure.metric,
    if(
        figure.metric in ('followers_total', 'items_total'), 'end_of_day_snapshot', 'daily_total'
    ) as semantics,
    try_cast(day as date) as stat_date,
    fetched_at,
    figure.value,
    'douyin_api' as source,
    payload_sha256
from figure
