-- Active people of the register with a user id of the team chat.
-- grain: one row per person; more than one is a fault of the register
-- params: $chat_user_id text
select
    person_id,
    name
from person
where chat_user_id = $chat_user_id and is_active
order by person_id
