-- Change the status of a deadline.
-- grain: one row
-- params: $deadline_id text; $status text, satisfied or cancelled
update deadline
set status = $status
where deadline_id = $deadline_id
