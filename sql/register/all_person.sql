-- Every person of the register as the file format sees it.
-- grain: one row per person
-- params: none
select
    person_id,
    name,
    unit_id,
    post,
    mobile,
    chat_user_id,
    trained_on,
    is_active
from person
order by person_id
