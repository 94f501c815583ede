-- Replace what the register says about one account.
-- grain: one account
-- params: $account_id text, which account; $imported_at timestamp, UTC;
--   the other columns of the table, each under its own name
update account
set
    unit_id = $unit_id,
    platform = $platform,
    platform_account_id = $platform_account_id,
    name = $name,
    account_kind = $account_kind,
    verification_status = $verification_status,
    verified_subject = $verified_subject,
    verification_expires_on = $verification_expires_on,
    url = $url,
    opened_on = $opened_on,
    status = $status,
    operator = $operator,
    comments_open = $comments_open,
    responsible_person_id = $responsible_person_id,
    administrator_person_id = $administrator_person_id,
    approval_number = $approval_number,
    phone = $phone,
    imported_at = $imported_at
where account_id = $account_id
