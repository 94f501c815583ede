-- New and lost followers of an account from the getusersummary replies that no build has read.
-- grain: one row per payload, day and metric
-- value is text; a row without stat_date is a rejection
-- params: none
with parsed as (
    select
        payload_number,
        try(from_json(body, '{
            "errcode": "VARCHAR", "is_delay": "BOOLEAN",
            "list": [{"ref_date": "VARCHAR", "new_user": "VARCHAR", "cancel_user": "VARCHAR"}]
        }')) as reply
    from pending_payload
    where source = 'wechat_api' and endpoint = 'getusersummary'
),

item as (
    select
        payload_number,
        -- No rows from a reply that is late or an error, which its outcome tells. An unreadable one
        -- stays as one row without a day. A filter here would make the engine parse twice.
        unnest(case
            when reply.is_delay or reply.errcode <> '0' then []
            else coalesce(reply.list, [null])
        end) as item
    from parsed
),

part as (
    select
        payload_number,
        try_cast(item.ref_date as date) as stat_date,
        item.new_user as new_text,
        item.cancel_user as cancel_text,
        try_cast(item.new_user as double) as new_count,
        try_cast(item.cancel_user as double) as cancel_count
    from item
),

-- One row per user_source and no total row: the day is their sum, and a part that cannot be read
-- must not leave a smaller sum behind, so its text stands for the whole.
account_total as (
    select
        payload_number,
        stat_date,
        if(
            count(new_count) = count(*),
            sum(new_count)::text,
            max(new_text) filter (new_count is null)
        ) as followers_new,
        if(
            count(cancel_count) = count(*),
            sum(cancel_count)::text,
            max(cancel_text) filter (cancel_count is null)
        ) as followers_cancelled
    from part
    group by payload_number, stat_date
)

-- The texts of the payload join its days here: carried through the sum they would cost as much.
select
    pending_payload.account_id,
    '' as content_id,
    unnest(['followers_new', 'followers_cancelled']) as metric,
    'daily_total' as semantics,
    account_total.stat_date,
    pending_payload.fetched_at,
    unnest([account_total.followers_new, account_total.followers_cancelled]) as value,
    'wechat_api' as source,
    pending_payload.payload_sha256
from account_total
inner join pending_payload using (payload_number)
