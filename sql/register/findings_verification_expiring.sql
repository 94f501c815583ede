-- Running accounts whose verification runs out from $today to $until_on (Article 13).
-- grain: one row per account; detail is the last valid day
-- params: $today date, $until_on date, both included, calendar days in Asia/Shanghai
select
    unit_id,
    account_id,
    cast(verification_expires_on as text) as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and verification_expires_on >= $today
    and verification_expires_on <= $until_on
order by verification_expires_on, account_id
