-- The playbook versions that cases were opened with, and how many of each still run.
-- grain: one row per kept version, by playbook, version and time
select
    playbook_version.playbook_id,
    playbook_version.version,
    playbook_version.digest,
    playbook_version.stored_at,
    count(case_summary.case_id) filter (where case_summary.status = 'open') as open_count,
    count(case_summary.case_id) as case_count
from playbook_version
left join case_summary on playbook_version.digest = case_summary.playbook_digest
group by
    playbook_version.playbook_id,
    playbook_version.version,
    playbook_version.digest,
    playbook_version.stored_at
order by
    playbook_version.playbook_id, playbook_version.version, playbook_version.stored_at
