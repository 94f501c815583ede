-- Mark the rungs of the registered frame claimed_rung.
-- grain: one row per rung; claimed_rung has deadline_id, rung_number
update rung
set status = 'claimed'
from claimed_rung
where
    rung.deadline_id = claimed_rung.deadline_id
    and rung.rung_number = claimed_rung.rung_number
