-- Every problem with the names of its unit, account and owner, the most pressing first.
-- grain: one row per problem
-- params: none
select
    finding.number,
    finding.finding_key,
    finding.code,
    finding.unit_id,
    unit.name as unit_name,
    unit.unit_kind,
    finding.account_id,
    account.name as account_name,
    account.platform,
    finding.detail,
    finding.grade,
    finding.facts,
    finding.owner_person_id,
    owner.name as owner_name,
    finding.due_on,
    finding.due_basis,
    finding.is_provisional,
    finding.state,
    finding.case_id,
    finding.opened_at,
    finding.last_true_at,
    finding.settled_at,
    finding.ended_at,
    finding.told_at,
    finding.overdue_told_at
from finding
left join unit on finding.unit_id = unit.unit_id
left join account on finding.account_id = account.account_id
left join person as owner on finding.owner_person_id = owner.person_id
order by finding.due_on asc, finding.number asc
