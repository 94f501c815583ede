-- Messages that were taken for sending before an instant and never settled.
-- grain: one row per message
-- params: $before timestamp, UTC
select
    dedupe_key,
    case_id,
    coalesce(sending_channel, channel) as channel,
    severity,
    title,
    body,
    recipient,
    link,
    marking,
    attempts,
    created_at,
    sending_since_at,
    sending_key
from outbox
where status = 'sending' and sending_since_at < $before
order by sending_since_at, dedupe_key
