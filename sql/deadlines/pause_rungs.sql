-- Hold the rungs of the deadlines in the registered frame paused_deadline.
-- grain: one row per rung; paused_deadline has deadline_id
update rung
set status = 'paused'
from paused_deadline
where rung.deadline_id = paused_deadline.deadline_id and rung.status = 'armed'
