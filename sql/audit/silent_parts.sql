-- Parts of the system that have not run for longer than three times the promise.
-- grain: one row per part
-- params: $before timestamp, UTC, the instant of the check less the promised time of 5 minutes
select expected.name || coalesce(' ' || strftime(heartbeat.beat_at, '%Y-%m-%d %H:%M'), '') as what
from (values ('sweep'), ('dispatch')) as expected (name)
left join heartbeat on expected.name = heartbeat.name
where
    (heartbeat.beat_at is null or heartbeat.beat_at < $before - interval 10 minute)
    and exists (select 1 from case_summary where status = 'open' and opened_at < $before)
order by what
