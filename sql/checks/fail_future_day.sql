-- Figures of a day that had not begun in Asia/Shanghai when they were fetched.
-- grain: one row per observation
-- params: none
select
    account_id,
    content_id,
    metric,
    stat_date,
    value,
    source,
    fetched_at
from standing_observation
where stat_date > cast(fetched_at + interval 8 hour as date)
