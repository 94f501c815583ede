-- Take a message for sending.
-- grain: one row
-- params: $dedupe_key text; $now timestamp, UTC; $channel text or null, through which it goes
-- params: $sending_key text or null, under which it travels when not its own
update outbox
set
    status = 'sending',
    sending_since_at = $now,
    sending_channel = $channel,
    sending_key = $sending_key
where dedupe_key = $dedupe_key and status = 'queued'
