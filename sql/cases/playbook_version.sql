-- The playbook text that was frozen under a digest.
-- grain: one row at most
-- params: $digest text
select
    playbook_id,
    version,
    body
from playbook_version
where digest = $digest
