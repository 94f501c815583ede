-- Draft steps that wait for the system, oldest first.
-- grain: one row per step
select
    case_id,
    step_id,
    visit
from case_step
where status = 'open' and step_type = 'draft'
order by started_at, case_id, step_id
