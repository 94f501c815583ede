-- Replace what the register says about one duty shift.
-- grain: one duty shift
-- params: $shift_id text, which duty shift; $imported_at timestamp, UTC;
--   the other columns of the table, each under its own name
update roster_shift
set
    role = $role,
    position = $position,
    person_id = $person_id,
    starts_on = $starts_on,
    ends_on = $ends_on,
    imported_at = $imported_at
where shift_id = $shift_id
