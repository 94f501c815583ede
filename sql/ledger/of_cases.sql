-- Every event of the cases in the registered frame wanted_case, in order.
-- grain: one row per event; wanted_case has case_id
select
    case_event.position,
    case_event.case_id,
    case_event.event_type,
    case_event.reference,
    case_event.actor,
    case_event.occurred_at,
    case_event.payload
from case_event
inner join wanted_case on case_event.case_id = wanted_case.case_id
order by case_event.position
