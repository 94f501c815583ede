-- What the table deadline holds about the cases in the registered frame wanted_case.
-- grain: one row per deadline; wanted_case has case_id
select
    deadline.deadline_id,
    deadline.case_id,
    deadline.step_id,
    deadline.visit,
    deadline.title,
    deadline.budget,
    deadline.unit,
    deadline.kind,
    deadline.basis,
    deadline.started_at,
    deadline.running_since_at,
    deadline.consumed,
    deadline.due_at,
    deadline.is_provisional,
    deadline.calendar_version,
    deadline.status,
    deadline.pause_reason
from deadline
inner join wanted_case on deadline.case_id = wanted_case.case_id
