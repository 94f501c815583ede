-- Messages that were taken for sending before an instant and never settled.
-- grain: one row per message
-- params: $before timestamp, UTC
select
    dedupe_key,
    case_id,
    severity,
    title,
    body,
    recipient,
    link,
    attempts,
    sending_since_at
from outbox
where status = 'sending' and sending_since_at < $before
order by sending_since_at, dedupe_key
