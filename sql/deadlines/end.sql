-- End the deadlines of the registered frame ended_deadline.
-- grain: one row per deadline; ended_deadline has deadline_id, status (satisfied or cancelled)
update deadline
set status = ended_deadline.status
from ended_deadline
where deadline.deadline_id = ended_deadline.deadline_id
