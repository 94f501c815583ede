-- When each case of a playbook reached what its times are counted by: opened, verdict given, letter
-- to the platform sent, account gone, closed; how often the account came back.
-- grain: one row per case that was opened in the period, drills apart
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- params: $playbook_id text
with opened as (
    select
        case_event.case_id,
        case_event.payload
    from case_event
    inner join case_summary on case_event.case_id = case_summary.case_id
    where
        case_event.event_type = 'case_opened'
        and case_summary.playbook_id = $playbook_id
        and not case_summary.is_drill
        and cast(case_summary.opened_at + interval 8 hour as date) between $begin and $end
),

moment as (
    select
        case_event.case_id,
        min(case_event.occurred_at) filter (
            case_event.event_type = 'step_answered'
            and json_extract_string(case_event.payload, '$.answers.verdict')
            in ('impersonation', 'not_impersonation')
        ) as verified_at,
        min(case_event.occurred_at) filter (
            case_event.event_type = 'letter_dispatched'
            and json_extract_string(case_event.payload, '$.letter') = 'platform'
        ) as sent_at,
        min(case_event.occurred_at) filter (
            case_event.event_type = 'step_completed' and case_event.reference = 'recheck'
        ) as gone_at,
        count(*) filter (
            case_event.event_type = 'step_started' and case_event.reference = 'reappeared'
        ) as reappeared_count
    from case_event
    inner join opened on case_event.case_id = opened.case_id
    group by case_event.case_id
)

select
    opened.case_id,
    json_extract_string(opened.payload, '$.inputs.platform') as platform,
    json_extract_string(opened.payload, '$.reappears_of') as reappears_of,
    case_summary.opened_at,
    moment.verified_at,
    moment.sent_at,
    moment.gone_at,
    moment.reappeared_count,
    case_summary.outcome,
    case_summary.closed_at
from opened
inner join case_summary on opened.case_id = case_summary.case_id
inner join moment on opened.case_id = moment.case_id
order by opened.case_id
