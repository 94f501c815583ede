-- Let the deadlines of the registered frame moved_deadline run (again) towards a new due time; one
-- that is overdue and whose new due time has passed as well stays overdue.
-- grain: one row per deadline
-- moved_deadline has deadline_id, budget and consumed (in the deadline's unit), running_since_at,
-- due_at, is_provisional, calendar_version, moved_at
update deadline
set
    status = case
        when deadline.status = 'overdue' and moved_deadline.due_at <= moved_deadline.moved_at
            then 'overdue'
        else 'running'
    end,
    budget = moved_deadline.budget,
    consumed = moved_deadline.consumed,
    running_since_at = moved_deadline.running_since_at,
    due_at = moved_deadline.due_at,
    is_provisional = moved_deadline.is_provisional,
    calendar_version = moved_deadline.calendar_version,
    pause_reason = null
from moved_deadline
where deadline.deadline_id = moved_deadline.deadline_id
