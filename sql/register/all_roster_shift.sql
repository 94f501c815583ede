-- Every duty shift of the register as the file format sees it.
-- grain: one row per duty shift
-- params: none
select
    shift_id,
    role,
    position,
    person_id,
    starts_on,
    ends_on
from roster_shift
order by shift_id
