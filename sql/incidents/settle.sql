-- Write down what a person decided about a lead that waited.
-- params: $number integer, $status text, $case_id text or null, $reason text or null,
-- $person_id text, $now instant
update incident_lead
set
    status = $status,
    case_id = $case_id,
    reason = $reason,
    decided_by = $person_id,
    decided_at = $now
where number = $number and status = 'waiting'
