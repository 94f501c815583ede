-- Open steps that wait for a person without a deadline that counts.
-- grain: one row per step
-- params: $before timestamp, UTC
select case_step.case_id || '/' || case_step.step_id as what
from case_step
left join deadline
    on
        case_step.case_id = deadline.case_id
        and case_step.step_id = deadline.step_id
        and case_step.visit = deadline.visit
        and deadline.status in ('running', 'overdue', 'paused')
where
    case_step.status = 'open'
    and case_step.owner_role is not null
    and case_step.started_at < $before
    and deadline.deadline_id is null
order by what
