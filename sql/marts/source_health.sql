-- Does every source still answer: when last, how late, with which errors in the last seven days?
-- grain: one row per source and endpoint
-- params: $now timestamp, an instant in UTC
with attempt as (
    select
        *,
        finished_at > $now - interval 7 days as is_recent
    from fetch_outcome
    where finished_at <= $now
),

error as (
    select
        source,
        endpoint,
        coalesce(platform_code, 'HTTP ' || http_status, status) as code,
        count(*) as attempt_count
    from attempt
    where is_recent and status not in ('value', 'absent', 'not_ready')
    group by source, endpoint, code
),

error_list as (
    select
        source,
        endpoint,
        string_agg(
            code || ' x' || attempt_count, ', ' order by attempt_count desc, code asc
        ) as errors_by_code
    from error
    group by source, endpoint
)

select
    attempt.source,
    attempt.endpoint,
    max(attempt.finished_at) filter (attempt.status = 'value') as last_value_at,
    max(attempt.ref_end_on) filter (attempt.status = 'value') as last_value_on,
    date_diff('hour', max(attempt.finished_at) filter (attempt.status = 'value'), $now)
        as hours_since_value,
    count(*) filter (attempt.is_recent) as attempt_count,
    count(*) filter (attempt.is_recent and attempt.status = 'value') as value_count,
    count(*) filter (attempt.is_recent and attempt.status = 'absent') as absent_count,
    count(*) filter (attempt.is_recent and attempt.status = 'not_ready') as not_ready_count,
    count(*) filter (attempt.is_recent and attempt.status = 'quota_exhausted') as quota_count,
    count(*) filter (attempt.is_recent and attempt.status = 'refused') as refused_count,
    count(*) filter (attempt.is_recent and attempt.status = 'retired') as retired_count,
    count(*) filter (attempt.is_recent and attempt.status = 'failed') as failed_count,
    any_value(error_list.errors_by_code) as errors_by_code
from attempt
left join error_list using (source, endpoint)
group by attempt.source, attempt.endpoint
order by attempt.source, attempt.endpoint
