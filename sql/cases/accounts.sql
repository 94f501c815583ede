-- The accounts in service, as forms offer them.
-- grain: one row per account
select
    account_id,
    platform,
    name
from account
where status not in ('shut_down', 'deregistered')
order by name, account_id
