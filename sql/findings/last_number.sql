-- The highest number given to a problem so far; 0 when there is none.
-- grain: one row
-- params: none
select coalesce(max(number), 0) as number
from finding
