-- The staged values that differ from the value known before them, as rows of observation.
-- grain: one row per account, content, metric, semantics, day, source and change of value
-- params: none
-- Reads the temporary tables staged_value and changed_row of the running build.
select staged_value.* exclude (key_hash, fault)  -- noqa: RF02
from staged_value
semi join changed_row on staged_value.rowid = changed_row.staged_number
