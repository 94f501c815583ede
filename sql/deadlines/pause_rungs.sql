-- Hold the rungs of a paused deadline.
-- grain: one row per rung
-- params: $deadline_id text
update rung
set status = 'paused'
where deadline_id = $deadline_id and status = 'armed'
