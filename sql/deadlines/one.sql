-- One deadline that still counts.
-- grain: one row at most
-- params: $deadline_id text
select
    step_id,
    budget,
    unit,
    kind,
    basis,
    started_at,
    running_since_at,
    consumed,
    calendar_version,
    due_at
from deadline
where deadline_id = $deadline_id and status in ('running', 'overdue', 'paused')
