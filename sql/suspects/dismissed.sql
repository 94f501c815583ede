-- Suspects that were dismissed and stay so until they change, the latest first, with who and why.
-- grain: one row per dismissed suspect
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
    suspect.display_name,
    suspect.last_seen_at,
    suspect_decision.reason,
    suspect_decision.decided_at,
    person.name as decided_by
from suspect
inner join latest on suspect.number = latest.number
inner join suspect_decision
    on
        latest.number = suspect_decision.number
        and latest.decided_at = suspect_decision.decided_at
left join person on suspect_decision.person_id = person.person_id
where suspect.status = 'dismissed'
order by suspect_decision.decided_at desc, suspect.number asc
