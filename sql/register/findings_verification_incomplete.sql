-- Running accounts whose public verification lacks the subject or the phone (Article 11).
-- grain: one row per account
-- params: none
select
    unit_id,
    account_id,
    cast(null as text) as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and (verified_subject is null or phone is null)
order by account_id
