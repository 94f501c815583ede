-- The people to whom open steps were handed over.
-- grain: one row per person
select distinct
    person.person_id,
    person.name,
    person.chat_user_id
from case_step
inner join person on case_step.owner_person_id = person.person_id
where case_step.status = 'open'
order by person.person_id
