-- Take the days in touched_day out of account_day; the build puts them back as they look now.
-- grain: one row per account and day
-- params: none
delete from account_day
using touched_day
where
    account_day.account_id = touched_day.account_id
    and account_day.stat_date = touched_day.stat_date
