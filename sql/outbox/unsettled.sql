-- Messages that nobody knows to have arrived; a person has to settle each.
-- grain: one row per message
select
    dedupe_key,
    case_id,
    title,
    recipient,
    status,
    detail,
    finished_at
from outbox
where status in ('unknown', 'failed')
order by finished_at, dedupe_key
