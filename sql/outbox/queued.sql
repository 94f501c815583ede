-- Queued messages whose time has come, the most severe and oldest first.
-- grain: one row per message
-- params: $now timestamp, UTC; $limit integer, rows at most
select
    dedupe_key,
    case_id,
    channel,
    severity,
    title,
    body,
    recipient,
    link,
    marking,
    attempts,
    created_at
from outbox
where status = 'queued' and next_attempt_at <= $now
order by
    case severity when 'urgent' then 0 when 'warning' then 1 else 2 end,
    created_at,
    dedupe_key
limit $limit
