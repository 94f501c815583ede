-- The limits of a case that still count, the next one first.
-- grain: one row per deadline
-- params: $case_id text
select
    deadline_id,
    step_id,
    title,
    budget,
    unit,
    kind,
    basis,
    running_since_at,
    consumed,
    due_at,
    is_provisional,
    status,
    pause_reason
from deadline
where case_id = $case_id and status in ('running', 'overdue', 'paused')
order by due_at, deadline_id
