-- Mark the cases of the registered frame closed_case closed.
-- grain: one row per case; closed_case has case_id, outcome, closed_at
update case_summary
set
    status = 'closed',
    outcome = closed_case.outcome,
    closed_at = closed_case.closed_at
from closed_case
where case_summary.case_id = closed_case.case_id
