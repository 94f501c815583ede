-- The accounts that candidates are compared with: the office's own in service, unit and region.
-- grain: one row per account
-- params: none
select
    account.account_id,
    account.name,
    account.platform,
    account.platform_account_id,
    unit.name as unit_name,
    unit.short_name,
    unit.region
from account
inner join unit on account.unit_id = unit.unit_id
where account.status not in ('shut_down', 'deregistered')
order by account.account_id
