-- Who answers for each of some accounts: the responsible person of the register.
-- grain: one row per row of wanted_account (registered: account_id text) that the register has
-- A person who has left answers for nothing any more; the account stays, without one.
select
    account.account_id,
    account.name,
    account.platform,
    unit.name as sponsor_name,
    person.person_id,
    person.name as person_name
from wanted_account
inner join account on wanted_account.account_id = account.account_id
inner join unit on account.unit_id = unit.unit_id
left join person on account.responsible_person_id = person.person_id and person.is_active
order by account.account_id
