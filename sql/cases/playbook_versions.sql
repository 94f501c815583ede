-- The playbook texts that were frozen under the digests in the registered frame wanted_playbook.
-- grain: one row per version; wanted_playbook has digest
select
    playbook_version.digest,
    playbook_version.playbook_id,
    playbook_version.version,
    playbook_version.body
from playbook_version
inner join wanted_playbook on playbook_version.digest = wanted_playbook.digest
order by playbook_version.digest
