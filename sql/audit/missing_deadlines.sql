-- Deadlines that the ledger armed and the table of deadlines does not have.
-- grain: one row per deadline
-- params: $before timestamp, UTC
select case_event.reference as what
from case_event
left join deadline on case_event.reference = deadline.deadline_id
where
    case_event.event_type = 'deadline_armed'
    and case_event.occurred_at < $before
    and deadline.deadline_id is null
order by what
