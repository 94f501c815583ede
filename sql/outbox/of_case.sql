-- The messages of one case, oldest first.
-- grain: one row per message
-- params: $case_id text
select
    dedupe_key,
    created_at,
    severity,
    title,
    body,
    recipient,
    status,
    attempts,
    finished_at,
    receipt,
    detail
from outbox
where case_id = $case_id
order by created_at, dedupe_key
