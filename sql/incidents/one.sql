-- One lead.
-- grain: one row at most
-- params: $number integer
select
    number,
    kind,
    account_id,
    title,
    told,
    status,
    case_id,
    found_at
from incident_lead
where number = $number
