-- Queue the messages of the registered frame rerouted_message for another channel.
-- grain: one row per message; rerouted_message has dedupe_key, channel, detail and at
update outbox
set
    channel = rerouted_message.channel,
    status = 'queued',
    attempts = 0,
    sending_since_at = null,
    sending_channel = null,
    sending_key = null,
    next_attempt_at = rerouted_message.at,
    detail = rerouted_message.detail
from rerouted_message
where outbox.dedupe_key = rerouted_message.dedupe_key
