-- Mark the rungs that one sweep claimed.
-- grain: one row per rung
-- params: $token text, unique to the sweep
update rung
set status = 'claimed'
from rung_claim
where
    rung_claim.claimed_by = $token
    and rung.deadline_id = rung_claim.deadline_id
    and rung.rung_number = rung_claim.rung_number
