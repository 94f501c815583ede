-- The rungs of one deadline and whether they were claimed.
-- grain: one row per rung
-- params: $deadline_id text
select
    rung_number,
    status
from rung
where deadline_id = $deadline_id
order by rung_number
