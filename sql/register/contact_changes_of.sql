-- Who changed how one person is reached, the latest first.
-- grain: one row per change
-- params: $person_id text
select
    contact_change.channel,
    contact_change.change_kind,
    contact_change.actor,
    person.name as actor_name,
    contact_change.changed_at
from contact_change
left join person on contact_change.actor = 'person:' || person.person_id
where contact_change.person_id = $person_id
order by contact_change.changed_at desc, contact_change.channel asc, contact_change.change_id asc
limit 20
