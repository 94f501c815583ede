-- Running accounts without the number of an approval (Article 12).
-- grain: one row per account
-- params: none
select
    unit_id,
    account_id,
    cast(null as text) as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and approval_number is null
order by account_id
