-- Running deadlines that another version of the work calendar projected, soonest due first.
-- grain: one row per deadline
-- params: $calendar_version text, the one in use; $limit integer, rows at most
select
    deadline_id,
    case_id
from deadline
where status in ('running', 'overdue') and calendar_version <> $calendar_version
order by due_at, deadline_id
limit $limit
