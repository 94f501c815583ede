-- Pause a deadline and keep what was consumed.
-- grain: one row
-- params: $deadline_id text; $consumed double, in the deadline's unit; $reason text
update deadline
set
    status = 'paused',
    consumed = $consumed,
    running_since_at = null,
    pause_reason = $reason
where deadline_id = $deadline_id
