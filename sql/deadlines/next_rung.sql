-- When the next armed rung is due.
-- grain: one row; null when none is armed
-- params: $now timestamp, UTC; only what comes after it
select min(due_at) as due_at
from rung
where status = 'armed' and due_at > $now
