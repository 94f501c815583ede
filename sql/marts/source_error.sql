-- With which errors did the sources answer in the last seven days?
-- grain: one row per source, account and code
-- params: $now timestamp, an instant in UTC
with failed as (
    select
        *,
        coalesce(platform_code, 'HTTP ' || http_status, status) as code
    from fetch_outcome
    where
        finished_at <= $now
        and finished_at > $now - interval 7 days
        and status not in ('value', 'absent', 'not_ready')
)

select
    source,
    account_id,
    code,
    count(*) as attempt_count,
    max(finished_at) as last_at,
    max_by(status, finished_at) as status,
    max_by(message, finished_at) as message
from failed
group by source, account_id, code
order by source asc, account_id asc, attempt_count desc, code asc
