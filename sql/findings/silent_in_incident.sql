-- Which accounts had not published when a unified dispatch of an incident was due (Article 31)?
-- grain: one row per case and note of silence, drills apart
-- params: none
select
    case_event.case_id,
    case_summary.title,
    case_event.occurred_at as found_at,
    case_event.payload
from case_event
inner join case_summary on case_event.case_id = case_summary.case_id
where case_event.event_type = 'silence_found' and not case_summary.is_drill
order by case_event.position
