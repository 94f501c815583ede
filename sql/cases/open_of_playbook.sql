-- The open cases of one playbook, oldest first.
-- grain: one row per case
-- params: $playbook_id text; $limit integer, rows at most
select case_id
from case_summary
where status = 'open' and playbook_id = $playbook_id
order by opened_at, case_id
limit $limit
