-- Figures below zero where the platform counts people or things.
-- grain: one row per observation
-- params: none
-- Net figures are differences: some back offices give a day's comments after deletions.
select
    account_id,
    content_id,
    metric,
    stat_date,
    value,
    source,
    fetched_at
from standing_observation
where value < 0 and semantics <> 'daily_net' and not ends_with(metric, '_net')
