-- Cancel the rungs of a deadline that nobody has claimed.
-- grain: one row per rung
-- params: $deadline_id text
update rung
set status = 'cancelled'
where deadline_id = $deadline_id and status in ('armed', 'paused')
