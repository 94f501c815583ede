-- Accounts run by a contractor, whose agreements somebody has to look at (Article 7).
-- grain: one row per account that is not closed; detail is the contractor
-- params: none
select
    unit_id,
    account_id,
    operator as detail
from account
where
    status not in ('shut_down', 'deregistered')
    and operator is not null
order by account_id
