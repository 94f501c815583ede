-- Messages that the ledger queued and the outbox does not have.
-- grain: one row per message
-- params: $before timestamp, UTC
select case_event.reference as what
from case_event
left join outbox on case_event.reference = outbox.dedupe_key
where
    case_event.event_type = 'message_queued'
    and case_event.occurred_at < $before
    and outbox.dedupe_key is null
order by what
