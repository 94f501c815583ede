-- Write how a problem stands now; what it was stands in finding_event.
-- params: $number integer and every column that can change
update finding
set
    detail = $detail,
    grade = $grade,
    facts = $facts,
    owner_person_id = $owner_person_id,
    due_on = $due_on,
    due_basis = $due_basis,
    is_provisional = $is_provisional,
    state = $state,
    case_id = $case_id,
    last_true_at = $last_true_at,
    settled_at = $settled_at,
    ended_at = $ended_at
where number = $number
