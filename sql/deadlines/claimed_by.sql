-- The rungs that one sweep claimed.
-- grain: one row per rung
-- params: $token text, unique to the sweep
select
    deadline_id,
    rung_number
from rung_claim
where claimed_by = $token
