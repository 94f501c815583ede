-- The accounts of one platform in the latest register copy whose statistics are wanted.
-- grain: one row per account
-- params: $today date; $platform text
select account_id
from account_snapshot
where
    taken_on = (
        select max(earlier.taken_on) from account_snapshot as earlier
        where earlier.taken_on <= $today
    )
    and platform = $platform
    and status in ('active', 'abnormal', 'in_public_notice')
order by account_id
