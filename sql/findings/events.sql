-- Everything that happened to problems, the oldest first, with who did it.
-- grain: one row per problem and thing that happened
-- params: $numbers list of integers
select
    finding_event.number,
    finding_event.event,
    finding_event.detail,
    finding_event.actor,
    person.name as actor_name,
    finding_event.happened_at
from finding_event
left join person on finding_event.actor = 'person:' || person.person_id
where finding_event.number in (select unnest($numbers))
order by finding_event.happened_at, finding_event.number, finding_event.event_id
