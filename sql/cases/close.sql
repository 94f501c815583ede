-- Mark a case closed.
-- grain: one row
-- params: $case_id text; $outcome text; $closed_at timestamp, UTC
update case_summary
set status = 'closed', outcome = $outcome, closed_at = $closed_at
where case_id = $case_id
