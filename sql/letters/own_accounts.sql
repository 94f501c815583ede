-- The district's accounts in service with their sponsors: the list that goes to a platform.
-- grain: one row per account
-- params: none
select
    account.account_id,
    account.platform,
    account.name,
    account.platform_account_id,
    account.verified_subject,
    account.approval_number,
    unit.name as sponsor_name
from account
inner join unit on account.unit_id = unit.unit_id
where account.status not in ('applied', 'shut_down', 'deregistered')
order by account.platform, account.account_id
