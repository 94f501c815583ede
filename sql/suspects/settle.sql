-- Write down what a person decided about a suspect that waited.
-- params: $number integer, $status text, $case_id text or null
update suspect
set
    status = $status,
    case_id = $case_id,
    note = null
where number = $number
