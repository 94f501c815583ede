-- Give the rungs of the registered frame moved_rung that nobody has claimed a new due time, and arm
-- them.
-- grain: one row per rung; moved_rung has deadline_id, rung_number, due_at
update rung
set
    due_at = moved_rung.due_at,
    status = 'armed'
from moved_rung
where
    rung.deadline_id = moved_rung.deadline_id
    and rung.rung_number = moved_rung.rung_number
    and rung.status in ('armed', 'paused')
