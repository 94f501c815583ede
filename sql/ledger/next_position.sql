-- The lowest position from one on.
-- grain: one row; null when there is none
-- params: $first bigint
select min(position) as position
from case_event
where position >= $first
