-- The district's account that a case says is being passed off, with its sponsor.
-- grain: one row at most
-- params: $account_id text
select
    account.platform,
    account.name,
    account.platform_account_id,
    account.verified_subject,
    account.url,
    unit.name as sponsor_name
from account
inner join unit on account.unit_id = unit.unit_id
where account.account_id = $account_id
