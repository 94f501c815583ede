-- Replace what the register says about one person.
-- grain: one person
-- params: $person_id text, which person; $imported_at timestamp, UTC;
--   the other columns of the table, each under its own name
update person
set
    name = $name,
    unit_id = $unit_id,
    post = $post,
    mobile = $mobile,
    chat_user_id = $chat_user_id,
    trained_on = $trained_on,
    is_active = $is_active,
    imported_at = $imported_at
where person_id = $person_id
