-- The register as the statistics catalog copies it, so that a night never needs ops again.
-- grain: one row per account
select
    account.account_id,
    account.unit_id,
    unit.name as unit_name,
    unit.unit_kind,
    unit.parent_unit_id,
    account.platform,
    account.name,
    account.status,
    account.opened_on,
    person.name as responsible_person
from account
inner join unit on account.unit_id = unit.unit_id
left join person on account.responsible_person_id = person.person_id
order by account.account_id
