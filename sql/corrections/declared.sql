-- The declared corrections as they stand.
-- grain: one row per correction
-- params: none
select
    correction_id,
    account_id,
    metric,
    stat_date,
    action,
    value,
    expected,
    source_value,
    status,
    reason,
    reported_by,
    reported_on,
    expires_on
from correction
order by stat_date desc, account_id asc, metric asc
