-- Claimed rungs without a message in the outbox.
-- grain: one row per claim
-- params: $before timestamp, UTC
select rung_claim.deadline_id || ' #' || rung_claim.rung_number as what
from rung_claim
left join outbox
    on outbox.dedupe_key = 'rung:' || rung_claim.deadline_id || ':' || rung_claim.rung_number
where outbox.dedupe_key is null and rung_claim.claimed_at < $before
order by what
