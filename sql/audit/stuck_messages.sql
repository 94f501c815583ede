-- Messages that were decided on before an instant and are still on their way, however often tried.
-- grain: one row per message
-- params: $before timestamp, UTC
select dedupe_key as what
from outbox
where status in ('queued', 'sending') and created_at < $before
order by created_at, what
