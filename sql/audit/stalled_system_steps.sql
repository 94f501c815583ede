-- Steps that the system itself performs and that have been open too long: letters, actions, and
-- sub-playbooks whose case has not been opened, or has closed without the step going on.
-- grain: one row per step
-- params: $before timestamp, UTC
with child as (
    select
        case_event.case_id,
        max(case_event.occurred_at) as opened_at,
        bool_or(case_summary.status = 'open' or case_summary.closed_at >= $before) as is_busy
    from case_event
    inner join case_summary on case_event.reference = case_summary.case_id
    where case_event.event_type = 'subcase_opened'
    group by case_event.case_id
)

select case_step.case_id || '/' || case_step.step_id as what
from case_step
left join child
    on case_step.case_id = child.case_id and case_step.started_at <= child.opened_at
where
    case_step.status = 'open'
    and case_step.started_at < $before
    and (
        case_step.step_type in ('draft', 'do')
        or (case_step.step_type = 'sub_playbook' and not coalesce(child.is_busy, false))
    )
order by case_step.started_at, what
