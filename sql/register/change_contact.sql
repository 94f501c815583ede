-- Replace how one person is reached beside mobile and team chat, which the register's sheet holds.
-- grain: one person
-- params: $person_id text; $wecom_user_id, $dingtalk_user_id, $feishu_user_id, $email text or null
update person
set
    wecom_user_id = $wecom_user_id,
    dingtalk_user_id = $dingtalk_user_id,
    feishu_user_id = $feishu_user_id,
    email = $email
where person_id = $person_id
