-- Cancel the unclaimed rungs of the deadlines in the registered frame ended_deadline.
-- grain: one row per rung; ended_deadline has deadline_id
update rung
set status = 'cancelled'
from ended_deadline
where
    rung.deadline_id = ended_deadline.deadline_id
    and rung.status in ('armed', 'paused')
