-- Accounts of a unit that has more than one on the same platform (Article 10).
-- grain: one row per account that is not closed
-- params: none
with crowded as (
    select
        unit_id,
        platform,
        string_agg(name, ' / ' order by account_id) as account_names
    from account
    where status not in ('shut_down', 'deregistered')
    group by unit_id, platform
    having count(*) > 1
)

select
    account.unit_id,
    account.account_id,
    crowded.account_names as detail
from account
inner join crowded
    on account.unit_id = crowded.unit_id and account.platform = crowded.platform
where account.status not in ('shut_down', 'deregistered')
order by account.account_id
