-- Who answers for the accounts: the responsible person who is there, else nobody.
-- grain: one row per account
-- params: none
select
    account.account_id,
    account.unit_id,
    if(person.is_active, person.person_id, null) as person_id
from account
left join person on account.responsible_person_id = person.person_id
order by account.account_id
