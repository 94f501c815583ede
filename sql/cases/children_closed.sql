-- Closed cases that another case with an open sub-playbook step opened and may wait for.
-- grain: one row per closed case and open sub-playbook step of its parent
select
    case_step.case_id,
    case_step.step_id,
    case_summary.case_id as child,
    case_summary.outcome
from case_step
inner join case_event
    on case_step.case_id = case_event.case_id and case_event.event_type = 'subcase_opened'
inner join case_summary on case_event.reference = case_summary.case_id
where
    case_step.status = 'open'
    and case_step.step_type = 'sub_playbook'
    and case_summary.status = 'closed'
order by case_step.started_at, case_step.case_id, case_step.step_id, child
