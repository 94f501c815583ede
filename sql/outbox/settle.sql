-- Record how the messages of the registered frame settled_message ended.
-- grain: one row per message
-- settled_message has dedupe_key, status (delivered, failed, unknown or told), finished_at, receipt
-- and detail (both may be null)
update outbox
set
    status = settled_message.status,
    finished_at = settled_message.finished_at,
    sending_since_at = null,
    receipt = settled_message.receipt,
    detail = settled_message.detail
from settled_message
where outbox.dedupe_key = settled_message.dedupe_key
