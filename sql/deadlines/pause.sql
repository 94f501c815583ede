-- Pause the deadlines of the registered frame paused_deadline and keep what was consumed.
-- grain: one row per deadline
-- paused_deadline has deadline_id, consumed (in the deadline's unit), reason
update deadline
set
    status = 'paused',
    consumed = paused_deadline.consumed,
    running_since_at = null,
    pause_reason = paused_deadline.reason
from paused_deadline
where deadline.deadline_id = paused_deadline.deadline_id
