-- The accounts that cases of a playbook are about, and where each case stands.
-- grain: one row per case, drills apart, the latest first
-- params: $playbook_id text
with watch as (
    select
        case_id,
        max(started_at) as started_at
    from case_step
    where step_type = 'watch' and status = 'open'
    group by case_id
)

select
    case_summary.case_id,
    case_summary.status,
    case_summary.outcome,
    json_extract_string(case_event.payload, '$.inputs.platform') as platform,
    json_extract_string(case_event.payload, '$.inputs.display_name') as display_name,
    json_extract_string(case_event.payload, '$.inputs.platform_account_id') as platform_account_id,
    watch.case_id is not null as is_watched,
    coalesce(watch.started_at, case_summary.closed_at) as since_at
from case_summary
inner join case_event on case_summary.case_id = case_event.case_id
left join watch on case_summary.case_id = watch.case_id
where
    case_event.event_type = 'case_opened'
    and case_summary.playbook_id = $playbook_id
    and not case_summary.is_drill
order by case_summary.opened_at desc, case_summary.case_id desc
