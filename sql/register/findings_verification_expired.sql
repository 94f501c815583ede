-- Running accounts whose verification has run out by $today (Article 13).
-- grain: one row per account; detail is the last valid day
-- params: $today date, a calendar day in Asia/Shanghai
select
    unit_id,
    account_id,
    cast(verification_expires_on as text) as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and verification_expires_on < $today
order by verification_expires_on, account_id
