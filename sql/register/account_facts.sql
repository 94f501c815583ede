-- Every account of the register, whatever its status, as an import needs it.
-- grain: one row per account
-- params: none
select
    account_id,
    unit_id,
    platform,
    name
from account
order by account_id
