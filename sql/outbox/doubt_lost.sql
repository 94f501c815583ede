-- Count messages whose row was lost before a rebuild as taken: perhaps they went, so ask first.
-- grain: one row per message; the registered frame message_under_way has dedupe_key
update outbox
set
    status = 'sending',
    sending_since_at = created_at
where
    status = 'queued'
    and dedupe_key not in (select message_under_way.dedupe_key from message_under_way)
