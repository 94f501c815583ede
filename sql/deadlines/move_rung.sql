-- Give a rung that nobody has claimed a new due time, and arm it.
-- grain: one row
-- params: $deadline_id text; $rung_number integer; $due_at timestamp, UTC
update rung
set due_at = $due_at, status = 'armed'
where
    deadline_id = $deadline_id
    and rung_number = $rung_number
    and status in ('armed', 'paused')
