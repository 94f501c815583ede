-- Names of people by id.
-- grain: one row per person
select
    person_id,
    name
from person
