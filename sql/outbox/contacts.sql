-- How the people of the registered frame wanted_person are reached, as the register says now.
-- grain: one row per person; wanted_person has person_id
select
    person.person_id,
    person.chat_user_id,
    person.wecom_user_id,
    person.dingtalk_user_id,
    person.feishu_user_id,
    person.mobile,
    person.email
from person
inner join wanted_person on person.person_id = wanted_person.person_id
