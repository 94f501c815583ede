-- Take a message for sending.
-- grain: one row
-- params: $dedupe_key text; $now timestamp, UTC
update outbox
set status = 'sending', sending_since_at = $now
where dedupe_key = $dedupe_key and status = 'queued'
