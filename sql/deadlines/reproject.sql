-- Let a deadline run (again) towards a new due time.
-- grain: one row
-- params: $deadline_id text; $budget and $consumed double, in the deadline's unit
-- params: $running_since_at and $due_at timestamp, UTC; $is_provisional boolean
-- params: $calendar_version text; $now timestamp, UTC: a due time before it stays overdue
update deadline
set
    status = case when status = 'overdue' and $due_at <= $now then 'overdue' else 'running' end,
    budget = $budget,
    consumed = $consumed,
    running_since_at = $running_since_at,
    due_at = $due_at,
    is_provisional = $is_provisional,
    calendar_version = $calendar_version,
    pause_reason = null
where deadline_id = $deadline_id
