-- Every suspect that a scan ever found, with who decided last and why.
-- grain: one row per suspect
-- params: none
with latest as (
    select
        number,
        max(decided_at) as decided_at
    from suspect_decision
    group by number
)

select
    suspect.number,
    suspect.platform,
    suspect.platform_account_id,
    suspect.display_name,
    suspect.handle,
    suspect.bio,
    suspect.url,
    suspect.certified_subject,
    suspect.avatar,
    suspect.official_account_id,
    suspect.score,
    suspect.reasons,
    suspect.place,
    suspect.status,
    suspect.note,
    suspect.case_id,
    suspect.first_seen_at,
    suspect.last_seen_at,
    suspect.raised_at,
    suspect_decision.reason as decided_reason,
    suspect_decision.person_id as decided_by,
    suspect_decision.decided_at
from suspect
left join latest on suspect.number = latest.number
left join suspect_decision
    on
        latest.number = suspect_decision.number
        and latest.decided_at = suspect_decision.decided_at
order by suspect.number
