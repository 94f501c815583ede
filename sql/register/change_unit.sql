-- Replace what the register says about one unit.
-- grain: one unit
-- params: $unit_id text, which unit; $imported_at timestamp, UTC;
--   the other columns of the table, each under its own name
update unit
set
    name = $name,
    short_name = $short_name,
    unit_kind = $unit_kind,
    parent_unit_id = $parent_unit_id,
    supervisor_unit_id = $supervisor_unit_id,
    uscc = $uscc,
    region = $region,
    imported_at = $imported_at
where unit_id = $unit_id
