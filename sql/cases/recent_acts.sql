-- What people did to real cases since an instant, the newest first.
-- grain: one row per act
-- params: $since_at timestamp, UTC; $limit integer
with step_title as (
    select
        case_id,
        step_id,
        max(title) as title
    from case_step
    group by case_id, step_id
)

select
    case_event.case_id,
    case_event.event_type,
    case_event.occurred_at,
    case_event.payload,
    case_summary.title,
    substr(case_event.actor, 8) as person_id,
    person.name as person_name,
    step_title.title as step_title
from case_event
inner join case_summary on case_event.case_id = case_summary.case_id
left join person on substr(case_event.actor, 8) = person.person_id
left join step_title
    on case_event.case_id = step_title.case_id and case_event.reference = step_title.step_id
where
    case_event.actor like 'person:%'
    and case_event.occurred_at >= $since_at
    and not case_summary.is_drill
    and case_event.event_type in (
        'case_opened',
        'report_joined',
        'evidence_sealed',
        'step_answered',
        'answer_refused',
        'handed_over',
        'acknowledged',
        'deadline_paused',
        'deadline_resumed',
        'deadline_extended',
        'message_delivered',
        'message_failed',
        'case_closed'
    )
order by case_event.position desc
limit $limit
