-- Finish what is still open in the cases of the registered frame closed_case: their end step, and
-- whatever they no longer wait for.
-- grain: one row per step; closed_case has case_id, closed_at
update case_step
set
    status = case when case_step.step_type = 'end' then 'completed' else 'abandoned' end,
    finished_at = closed_case.closed_at
from closed_case
where case_step.case_id = closed_case.case_id and case_step.status = 'open'
