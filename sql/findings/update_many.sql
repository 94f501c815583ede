-- Write how the problems of the registered frame changed_finding stand now.
-- grain: one row per problem; changed_finding has number and every column that can change
-- params: none
update finding
set
    detail = changed_finding.detail,
    grade = changed_finding.grade,
    facts = changed_finding.facts,
    owner_person_id = changed_finding.owner_person_id,
    due_on = changed_finding.due_on,
    due_basis = changed_finding.due_basis,
    is_provisional = changed_finding.is_provisional,
    state = changed_finding.state,
    case_id = changed_finding.case_id,
    last_true_at = changed_finding.last_true_at,
    settled_at = changed_finding.settled_at,
    ended_at = changed_finding.ended_at
from changed_finding
where finding.number = changed_finding.number
