-- Put messages back to where they were on their way before a rebuild.
-- grain: one row per message; the registered frame message_under_way is outbox/under_way
update outbox
set
    status = message_under_way.status,
    attempts = message_under_way.attempts,
    next_attempt_at = message_under_way.next_attempt_at,
    sending_since_at = message_under_way.sending_since_at,
    sending_channel = message_under_way.sending_channel,
    sending_key = message_under_way.sending_key,
    detail = message_under_way.detail
from message_under_way
where
    outbox.dedupe_key = message_under_way.dedupe_key
    and outbox.status = 'queued'
