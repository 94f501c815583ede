-- One message and how far it has come.
-- grain: one row at most
-- params: $dedupe_key text
select
    dedupe_key,
    case_id,
    severity,
    title,
    body,
    recipient,
    link,
    attempts,
    status
from outbox
where dedupe_key = $dedupe_key
