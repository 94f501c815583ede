-- Open steps of one kind that wait for the system, oldest first.
-- grain: one row per step
-- params: $step_type text
select
    case_id,
    step_id,
    visit
from case_step
where status = 'open' and step_type = $step_type
order by started_at, case_id, step_id
