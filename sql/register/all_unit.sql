-- Every unit of the register as the file format sees it.
-- grain: one row per unit
-- params: none
select
    unit_id,
    name,
    short_name,
    unit_kind,
    parent_unit_id,
    supervisor_unit_id,
    uscc,
    region
from unit
order by unit_id
