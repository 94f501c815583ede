-- What the table case_summary holds about the cases in the registered frame wanted_case.
-- grain: one row per case; wanted_case has case_id
select
    case_summary.case_id,
    case_summary.playbook_id,
    case_summary.playbook_digest,
    case_summary.title,
    case_summary.dedupe_key,
    case_summary.status,
    case_summary.outcome,
    case_summary.is_drill,
    case_summary.opened_at,
    case_summary.closed_at
from case_summary
inner join wanted_case on case_summary.case_id = wanted_case.case_id
