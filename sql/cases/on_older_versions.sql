-- Cases with an open step that run by a version other than the shipped ones in the registered
-- frame shipped_version.
-- grain: one row per case; shipped_version has digest
select
    case_summary.case_id,
    case_summary.playbook_digest
from case_summary
where
    case_summary.playbook_digest not in (select shipped_version.digest from shipped_version)
    and exists (
        select 1 from case_step
        where case_step.case_id = case_summary.case_id and case_step.status = 'open'
    )
order by case_summary.case_id
