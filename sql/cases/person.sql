-- One person of the register.
-- grain: one row at most
-- params: $person_id text
select
    name,
    chat_user_id,
    is_active
from person
where person_id = $person_id
