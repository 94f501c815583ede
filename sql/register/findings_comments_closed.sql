-- Running accounts whose comments and messages are closed to the public (Article 18).
-- grain: one row per account; an account of which nothing is known is not listed
-- params: none
select
    unit_id,
    account_id,
    cast(null as text) as detail
from account
where
    status in ('active', 'in_public_notice', 'abnormal')
    and not comments_open
order by account_id
