-- How far messages are on their way: what no event of the ledger says.
-- grain: one row per message that is queued or being sent
select
    dedupe_key,
    status,
    attempts,
    next_attempt_at,
    sending_since_at,
    sending_channel,
    sending_key,
    detail
from outbox
where status in ('queued', 'sending')
