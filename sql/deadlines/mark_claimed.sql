-- Mark one rung claimed.
-- grain: one row
-- params: $deadline_id text; $rung_number integer
update rung
set status = 'claimed'
where deadline_id = $deadline_id and rung_number = $rung_number
