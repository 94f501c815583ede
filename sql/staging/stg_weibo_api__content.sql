-- Posts of an account from the statuses/user_timeline replies that no build has read.
-- grain: one row per payload and post; a row without content_id or published_on is a rejection
-- params: none
-- created_at is "Wed Jan 24 11:19:36 +0800 2018": read by its parts, because names of months ask a
-- locale. The title is the beginning of the text.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        try(json_extract_string(body, '$.error_code')) as error_code,
        try(from_json(body, '{"statuses": [{
            "idstr": "VARCHAR", "id": "VARCHAR", "created_at": "VARCHAR", "text": "VARCHAR"
        }]}')) as reply
    from pending_payload
    where source = 'weibo_api' and endpoint = 'statuses/user_timeline'
),

item as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        unnest(case
            when error_code <> '0' then []
            else coalesce(reply.statuses, [null])
        end) as item
    from parsed
),

part as (
    select
        *,
        string_split(item.created_at, ' ') as word
    from item
),

dated as (
    select
        *,
        try_cast(
            word[6] || '-' || lpad(
                cast(nullif(list_position(
                    [
                        'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun',
                        'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'
                    ],
                    word[2]
                ), 0) as text),
                2, '0'
            ) || '-' || word[3] || ' ' || word[4] as timestamp
        ) - to_minutes(
            try_cast(left(word[5], 3) as integer) * 60
            + try_cast(left(word[5], 1) || substr(word[5], 4, 2) as integer)
        ) as published_at
    from part
)

select
    account_id,
    coalesce(item.idstr, item.id) as content_id,
    left(item.text, 60) as title,
    cast(published_at + interval 8 hour as date) as published_on,
    published_at,
    null as url,
    'post' as content_kind,
    'weibo_api' as source,
    endpoint,
    fetched_at,
    payload_sha256
from dated
