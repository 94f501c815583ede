-- Draft steps, which the system itself performs, that have been open too long.
-- grain: one row per step
-- params: $before timestamp, UTC
select case_id || '/' || step_id as what
from case_step
where status = 'open' and step_type = 'draft' and started_at < $before
order by started_at, what
