-- The accounts that open incidents are about; what is seen of them belongs to those cases.
-- grain: one row per account and open case, drills apart
-- params: $playbook_id text
select distinct
    json_extract_string(case_event.payload, '$.inputs.account_id') as account_id,
    case_summary.case_id
from case_summary
inner join case_event on case_summary.case_id = case_event.case_id
where
    case_event.event_type = 'case_opened'
    and case_summary.playbook_id = $playbook_id
    and case_summary.status = 'open'
    and not case_summary.is_drill
    and json_extract_string(case_event.payload, '$.inputs.account_id') is not null
order by account_id, case_summary.case_id
