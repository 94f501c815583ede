-- One case at a glance.
-- grain: one row at most
-- params: $case_id text
select
    case_id,
    playbook_id,
    playbook_digest,
    title,
    status,
    outcome,
    opened_at,
    closed_at
from case_summary
where case_id = $case_id
