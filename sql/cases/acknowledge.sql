-- Note who has taken note of the visits of steps in the registered frame acknowledged_step.
-- grain: one row per visit; acknowledged_step has case_id, step_id, visit, acknowledged_by and at
update case_step
set
    acknowledged_by = acknowledged_step.acknowledged_by,
    acknowledged_at = acknowledged_step.at
from acknowledged_step
where
    case_step.case_id = acknowledged_step.case_id
    and case_step.step_id = acknowledged_step.step_id
    and case_step.visit = acknowledged_step.visit
