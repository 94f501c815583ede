-- Armed rungs that are due, the most overdue first, with what their message says.
-- grain: one row per rung
-- params: $now timestamp, UTC; $limit integer, rows at most
select
    rung.deadline_id,
    rung.rung_number,
    rung.case_id,
    rung.due_at,
    rung.target_role,
    rung.is_expiry,
    deadline.step_id,
    deadline.visit,
    deadline.title as deadline_title,
    deadline.due_at as deadline_due_at,
    deadline.kind,
    deadline.unit,
    deadline.basis,
    deadline.is_provisional,
    case_step.owner_role,
    case_step.owner_person_id,
    person.name as acknowledged_by,
    case_step.acknowledged_at,
    case_summary.title as case_title,
    case_summary.playbook_digest,
    epoch($now - rung.due_at) as lateness_s
from rung
inner join deadline on rung.deadline_id = deadline.deadline_id
left join case_step
    on
        deadline.case_id = case_step.case_id
        and deadline.step_id = case_step.step_id
        and deadline.visit = case_step.visit
left join person on case_step.acknowledged_by = person.person_id
inner join case_summary on rung.case_id = case_summary.case_id
where rung.status = 'armed' and rung.due_at <= $now
order by rung.due_at, rung.deadline_id, rung.rung_number
limit $limit
