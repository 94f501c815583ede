-- Accounts without a responsible person who is there (Articles 7 and 24).
-- grain: one row per account that is not closed
-- params: none
select
    account.unit_id,
    account.account_id,
    person.name as detail
from account
left join person on account.responsible_person_id = person.person_id
where
    account.status not in ('shut_down', 'deregistered')
    and not coalesce(person.is_active, false)
order by account.account_id
