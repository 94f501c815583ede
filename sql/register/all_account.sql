-- Every account of the register as the file format sees it.
-- grain: one row per account
-- params: none
select
    account_id,
    unit_id,
    platform,
    platform_account_id,
    name,
    account_kind,
    verification_status,
    verified_subject,
    verification_expires_on,
    url,
    opened_on,
    status,
    operator,
    comments_open,
    responsible_person_id,
    administrator_person_id,
    approval_number,
    phone
from account
order by account_id
