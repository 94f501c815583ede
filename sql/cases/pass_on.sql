-- Pass the approvals in the registered frame passed_step on to the next role of their chain; a
-- hand-over covered one turn only.
-- grain: one row per visit; passed_step has case_id, step_id, visit, owner_role
update case_step
set
    owner_role = passed_step.owner_role,
    owner_person_id = null,
    acknowledged_by = null,
    acknowledged_at = null
from passed_step
where
    case_step.case_id = passed_step.case_id
    and case_step.step_id = passed_step.step_id
    and case_step.visit = passed_step.visit
