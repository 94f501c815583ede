-- Playbooks of open cases that are not kept, or are not what their digest says.
-- grain: one row per playbook version
-- params: $before timestamp, UTC
with used as (
    select
        playbook_id,
        playbook_digest
    from case_summary
    where status = 'open' and opened_at < $before
    group by
        playbook_id,
        playbook_digest
)

select used.playbook_id || ' ' || left(used.playbook_digest, 12) as what
from used
left join playbook_version on used.playbook_digest = playbook_version.digest
where
    playbook_version.digest is null
    or sha256(playbook_version.body) <> playbook_version.digest
order by what
