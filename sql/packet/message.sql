-- Messages of netizens (留言、咨询、投诉、评论) that sponsors logged, and what became of each.
-- grain: one row per account and message: day, kind and summary
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id), and the archived rows themselves: a log is small and
-- no figure of a day is made of it. A message logged again, with its reply, is the same message.
with filed as (
    select
        raw_payload.account_id,
        raw_payload.fetched_at,
        raw_payload.body
    from raw_payload
    semi join packet_account using (account_id)
    anti join revoked_payload using (payload_sha256, account_id, fetched_at)
    where raw_payload.source = 'manual_entry' and raw_payload.endpoint = 'manual/messages'
),

line as (
    select
        account_id,
        fetched_at,
        unnest(try(from_json(json_extract(body, '$.rows'), '[{
            "stat_date": "VARCHAR", "kind": "VARCHAR", "content": "VARCHAR",
            "replied_on": "VARCHAR", "handed_over_to": "VARCHAR", "sentiment": "VARCHAR",
            "is_opinion": "VARCHAR"
        }]'))) as line
    from filed
),

told as (
    select
        account_id,
        fetched_at,
        try_cast(line.stat_date as date) as received_on,
        line.kind,
        line.content,
        try_cast(line.replied_on as date) as replied_on,
        line.handed_over_to,
        line.sentiment,
        coalesce(line.is_opinion = '是', false) as is_opinion
    from line
)

select
    account_id,
    received_on,
    kind,
    content,
    arg_max_null(replied_on, fetched_at) as replied_on,
    arg_max_null(handed_over_to, fetched_at) as handed_over_to,
    arg_max_null(sentiment, fetched_at) as sentiment,
    max_by(is_opinion, fetched_at) as is_opinion
from told
where
    received_on between $begin and $end
    and kind is not null
    and content is not null
group by account_id, received_on, kind, content
order by received_on, account_id, kind, content
