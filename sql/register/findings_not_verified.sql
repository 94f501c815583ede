-- Running accounts that are not verified, as far as the register knows (Article 13).
-- grain: one row per account
-- params: none
select
    unit_id,
    account_id,
    verification_status as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and platform <> 'own_app'
    and coalesce(verification_status, 'unverified') <> 'verified'
order by account_id
