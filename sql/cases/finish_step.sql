-- Mark the visits of steps in the registered frame finished_step completed or abandoned.
-- grain: one row per visit; finished_step has case_id, step_id, visit, status, finished_at
update case_step
set
    status = finished_step.status,
    finished_at = finished_step.finished_at
from finished_step
where
    case_step.case_id = finished_step.case_id
    and case_step.step_id = finished_step.step_id
    and case_step.visit = finished_step.visit
