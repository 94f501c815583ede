-- Mark the running deadlines of the registered frame overdue_deadline.
-- grain: one row per deadline; overdue_deadline has deadline_id
update deadline
set status = 'overdue'
from overdue_deadline
where
    deadline.deadline_id = overdue_deadline.deadline_id
    and deadline.status = 'running'
