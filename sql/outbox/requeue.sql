-- Put a message that is being sent back into the queue.
-- grain: one row at most
-- params: $dedupe_key text; $next_attempt_at timestamp, UTC; $attempts integer
-- params: $detail text or null, why it did not go
update outbox
set
    status = 'queued',
    sending_since_at = null,
    next_attempt_at = $next_attempt_at,
    attempts = $attempts,
    detail = $detail
where dedupe_key = $dedupe_key and status = 'sending'
