-- Mark one visit of a step completed or abandoned.
-- grain: one row
-- params: $case_id text; $step_id text; $visit integer; $status text; $finished_at timestamp, UTC
update case_step
set status = $status, finished_at = $finished_at
where case_id = $case_id and step_id = $step_id and visit = $visit
