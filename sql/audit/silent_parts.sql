-- Parts of the system that have not run for longer than three times the promise.
-- grain: one row per part
-- params: $before timestamp, UTC, the instant of the check less the promised time of 5 minutes
with expected as (
    select unnest(['sweep', 'dispatch']) as name
),

waiting as (
    select count(*) as case_count
    from case_summary
    where status = 'open' and opened_at < $before
)

select expected.name || coalesce(' ' || strftime(heartbeat.beat_at, '%Y-%m-%d %H:%M'), '') as what
from expected
cross join waiting
left join heartbeat on expected.name = heartbeat.name
where
    waiting.case_count > 0
    and (heartbeat.beat_at is null or heartbeat.beat_at < $before - interval 10 minute)
order by what
