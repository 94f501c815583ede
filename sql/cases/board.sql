-- Open steps of open cases, and of closed ones under review, with the deadline that counts.
-- The most pressing come first.
-- grain: one row per open step that waits for a person, and one per case that waits for nobody
-- params: $now timestamp, UTC
with counting as (
    select
        case_id,
        step_id,
        visit,
        deadline_id,
        title,
        due_at,
        kind,
        is_provisional,
        status,
        row_number() over (
            partition by case_id, step_id, visit order by due_at, deadline_id
        ) as place
    from deadline
    where status in ('running', 'overdue', 'paused')
),

dispatched as (
    select
        case_id,
        reference as step_id,
        max(occurred_at) as dispatched_at
    from case_event
    where event_type = 'letter_dispatched'
    group by case_id, reference
)

select
    case_summary.case_id,
    case_summary.title,
    case_summary.is_drill,
    case_summary.opened_at,
    case_summary.status as case_status,
    case_step.step_id,
    case_step.visit,
    case_step.title as step_title,
    case_step.owner_role,
    case_step.owner_person_id,
    person.name as assigned_to,
    acknowledging.name as acknowledged_by,
    case_step.acknowledged_at,
    counting.deadline_id,
    counting.title as deadline_title,
    counting.due_at,
    counting.kind,
    counting.is_provisional,
    counting.status as deadline_status,
    coalesce(counting.status <> 'paused' and counting.due_at < $now, false) as is_overdue,
    coalesce(dispatched.dispatched_at >= case_step.started_at, false) as awaits_receipt
from case_summary
left join case_step
    on
        case_summary.case_id = case_step.case_id
        and case_step.status = 'open'
        and case_step.owner_role is not null
left join counting
    on
        case_step.case_id = counting.case_id
        and case_step.step_id = counting.step_id
        and case_step.visit = counting.visit
        and counting.place = 1
left join dispatched
    on case_step.case_id = dispatched.case_id and case_step.step_id = dispatched.step_id
left join person on case_step.owner_person_id = person.person_id
left join person as acknowledging on case_step.acknowledged_by = acknowledging.person_id
where case_summary.status = 'open' or case_step.step_id is not null
order by counting.due_at nulls last, case_summary.case_id, case_step.step_id
