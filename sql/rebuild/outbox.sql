-- What the table outbox holds about the cases in the registered frame wanted_case.
-- grain: one row per message; wanted_case has case_id
select
    outbox.dedupe_key,
    outbox.case_id,
    outbox.channel,
    outbox.recipient,
    outbox.severity,
    outbox.title,
    outbox.body,
    outbox.link,
    outbox.marking,
    outbox.status,
    outbox.attempts,
    outbox.created_at,
    outbox.next_attempt_at,
    outbox.sending_since_at,
    outbox.finished_at,
    outbox.receipt,
    outbox.detail
from outbox
inner join wanted_case on outbox.case_id = wanted_case.case_id
