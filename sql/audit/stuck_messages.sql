-- Messages that should have gone before an instant and are still queued or being sent.
-- grain: one row per message
-- params: $before timestamp, UTC
select dedupe_key as what
from outbox
where
    (status = 'queued' and next_attempt_at < $before)
    or (status = 'sending' and sending_since_at < $before)
order by created_at, what
