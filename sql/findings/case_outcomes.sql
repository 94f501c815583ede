-- How the cases ended that problems were put into.
-- grain: one row per closed case that a problem names
-- params: none
select distinct
    case_summary.case_id,
    case_summary.outcome,
    case_summary.closed_at
from case_summary
inner join finding on case_summary.case_id = finding.case_id
where case_summary.status = 'closed'
