-- How often was an account asked about a day, and what came of it? Tells absent from not ready.
-- grain: one row per source, endpoint and result, the latest first
-- params: $account_id text; $stat_date date, a calendar day in Asia/Shanghai
select
    source,
    endpoint,
    status,
    count(*) as attempt_count,
    max(asked_at) as last_asked_at,
    max_by(platform_code, asked_at) as platform_code,
    max_by(message, asked_at) as message
from fetch_outcome
where
    account_id = $account_id
    and $stat_date between ref_begin_on and ref_end_on
group by source, endpoint, status
order by last_asked_at desc, source asc, endpoint asc, status asc
