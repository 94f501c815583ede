-- How the latest register copy calls each account.
-- grain: one row per account
-- params: $today date
select
    account_id,
    name,
    unit_name
from account_snapshot
where
    taken_on = (
        select max(earlier.taken_on) from account_snapshot as earlier
        where earlier.taken_on <= $today
    )
order by account_id
