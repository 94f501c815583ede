-- Open sub-playbook steps whose case has not been opened yet, oldest first.
-- grain: one row per step
select
    case_step.case_id,
    case_step.step_id
from case_step
left join case_event
    on
        case_step.case_id = case_event.case_id
        and case_event.event_type = 'subcase_opened'
        and case_step.started_at <= case_event.occurred_at
where
    case_step.status = 'open'
    and case_step.step_type = 'sub_playbook'
    and case_event.case_id is null
order by case_step.started_at, case_step.case_id, case_step.step_id
