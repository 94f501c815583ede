-- Mark the running deadlines of the registered frame overdue_deadline.
-- grain: one row per deadline
update deadline
set status = 'overdue'
from overdue_deadline
where
    deadline.deadline_id = overdue_deadline.deadline_id
    and deadline.status = 'running'
