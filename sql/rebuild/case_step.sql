-- What the table case_step holds about the cases in the registered frame wanted_case.
-- grain: one row per visit of a step; wanted_case has case_id
select
    case_step.case_id,
    case_step.step_id,
    case_step.visit,
    case_step.title,
    case_step.step_type,
    case_step.owner_role,
    case_step.owner_person_id,
    case_step.status,
    case_step.started_at,
    case_step.finished_at,
    case_step.acknowledged_by,
    case_step.acknowledged_at
from case_step
inner join wanted_case on case_step.case_id = wanted_case.case_id
