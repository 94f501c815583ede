-- Accounts whose administrator has no training date (Article 25).
-- grain: one row per account that is not closed
-- params: none
select
    account.unit_id,
    account.account_id,
    person.name as detail
from account
inner join person on account.administrator_person_id = person.person_id
where
    account.status not in ('shut_down', 'deregistered')
    and person.trained_on is null
order by account.account_id
