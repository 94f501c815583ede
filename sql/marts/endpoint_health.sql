-- How does every account's endpoint stand: what it last gave, and what has stopped it since?
-- grain: one row per source, account and endpoint
-- params: $now timestamp, an instant in UTC; $today date, that instant's day in Asia/Shanghai
-- trouble is refused or retired while no later attempt was answered. quota_nights: on how many of
-- the last three days the daily quota ran out.
with attempt as (
    select
        *,
        status in ('value', 'absent', 'not_ready') as is_answer,
        status in ('refused', 'retired') as is_trouble,
        cast(asked_at + interval 8 hours as date) as asked_on
    from fetch_outcome
    where finished_at <= $now
),

state as (
    select
        source,
        account_id,
        endpoint,
        min(finished_at) as first_attempt_at,
        max(finished_at) as last_attempt_at,
        max(finished_at) filter (status = 'value') as last_value_at,
        max(ref_end_on) filter (status = 'value') as last_value_on,
        max(finished_at) filter (is_answer) as last_answer_at,
        max(finished_at) filter (is_trouble) as last_trouble_at,
        max_by(status, finished_at) filter (is_trouble) as trouble,
        max_by(platform_code, finished_at) filter (is_trouble) as trouble_code,
        max_by(message, finished_at) filter (is_trouble) as trouble_message,
        count(distinct asked_on) filter (
            status = 'quota_exhausted' and asked_on > cast($today as date) - 3
        ) as quota_nights
    from attempt
    group by source, account_id, endpoint
)

select
    source,
    account_id,
    endpoint,
    first_attempt_at,
    last_attempt_at,
    last_value_at,
    last_value_on,
    quota_nights,
    case when last_trouble_at >= coalesce(last_answer_at, last_trouble_at) then trouble end
        as trouble,
    case when last_trouble_at >= coalesce(last_answer_at, last_trouble_at) then trouble_code end
        as trouble_code,
    case when last_trouble_at >= coalesce(last_answer_at, last_trouble_at) then trouble_message end
        as trouble_message
from state
order by source, account_id, endpoint
