-- Figures below zero where the platform counts people or things.
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
from observation
where value < 0
