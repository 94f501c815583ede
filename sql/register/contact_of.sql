-- How one person of the register is reached.
-- grain: one row at most
-- params: $person_id text
select
    name,
    is_active,
    mobile,
    chat_user_id,
    wecom_user_id,
    dingtalk_user_id,
    feishu_user_id,
    email
from person
where person_id = $person_id
