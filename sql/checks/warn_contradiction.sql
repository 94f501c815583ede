-- Figures for which one source said two different things at the same instant.
-- grain: one row per account, content, metric, day and instant
-- params: none
select
    account_id,
    content_id,
    metric,
    semantics,
    stat_date,
    source,
    fetched_at,
    min(value) as lowest_value,
    max(value) as highest_value
from standing_observation
group by account_id, content_id, metric, semantics, stat_date, source, fetched_at
having count(distinct value) > 1
