-- Finish what is still open in a case that closes: its end step, and whatever it no longer waits for.
-- grain: one row per step
-- params: $case_id text; $finished_at timestamp, UTC
update case_step
set
    status = case when step_type = 'end' then 'completed' else 'abandoned' end,
    finished_at = $finished_at
where case_id = $case_id and status = 'open'
