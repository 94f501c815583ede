-- Record how a message ended.
-- grain: one row
-- params: $dedupe_key text; $status text, delivered, failed or unknown
-- params: $finished_at timestamp, UTC; $receipt text or null; $detail text or null
update outbox
set
    status = $status,
    finished_at = $finished_at,
    sending_since_at = null,
    receipt = $receipt,
    detail = $detail
where dedupe_key = $dedupe_key
