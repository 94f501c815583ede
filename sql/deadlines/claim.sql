-- Claim every rung of the registered frame due_rung that nobody has claimed yet.
-- grain: one row per rung
-- params: $now timestamp, UTC; $token text, unique to the sweep
insert into rung_claim (deadline_id, rung_number, claimed_at, lateness_s, claimed_by)
select
    deadline_id,
    rung_number,
    $now as claimed_at,
    lateness_s,
    $token as claimed_by
from due_rung
on conflict do nothing
