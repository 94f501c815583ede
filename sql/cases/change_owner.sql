-- Give the visits of steps in the registered frame given_step to a named person.
-- grain: one row per visit; given_step has case_id, step_id, visit, person_id
update case_step
set
    owner_person_id = given_step.person_id,
    acknowledged_by = null,
    acknowledged_at = null
from given_step
where
    case_step.case_id = given_step.case_id
    and case_step.step_id = given_step.step_id
    and case_step.visit = given_step.visit
