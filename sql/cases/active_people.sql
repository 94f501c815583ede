-- The people who may answer, as forms offer them.
-- grain: one row per active person
select
    person_id,
    name
from person
where is_active
order by name, person_id
