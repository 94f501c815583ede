-- Running accounts verified for somebody other than their sponsor (Article 11).
-- grain: one row per account
-- params: none
select
    account.unit_id,
    account.account_id,
    account.verified_subject as detail
from account
inner join unit on account.unit_id = unit.unit_id
where
    account.status in ('active', 'in_public_notice', 'abnormal')
    and account.verified_subject <> unit.name
order by account.account_id
