-- Armed rungs that are due, the most overdue first, with what their message says.
-- grain: one row per rung
-- params: $now timestamp, UTC; $limit integer, rows at most
with due_rung as (
    select
        deadline_id,
        rung_number,
        case_id,
        due_at,
        target_role,
        is_expiry
    from rung
    where status = 'armed' and due_at <= $now
    order by due_at, deadline_id, rung_number
    limit $limit
)

select
    due_rung.deadline_id,
    due_rung.rung_number,
    due_rung.case_id,
    due_rung.due_at,
    due_rung.target_role,
    due_rung.is_expiry,
    deadline.step_id,
    deadline.visit,
    deadline.title as deadline_title,
    deadline.due_at as deadline_due_at,
    deadline.kind,
    deadline.basis,
    deadline.is_provisional,
    case_summary.title as case_title,
    case_summary.playbook_digest,
    epoch($now - due_rung.due_at) as lateness_s
from due_rung
inner join deadline on due_rung.deadline_id = deadline.deadline_id
inner join case_summary on due_rung.case_id = case_summary.case_id
order by due_rung.due_at, due_rung.deadline_id, due_rung.rung_number
