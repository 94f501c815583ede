-- Figures that observation_current shows more than once, or under two semantics.
-- grain: one row per account, content, metric and day
-- params: none
-- An article has a daily figure and a cumulative one on the same day, so those are told
-- apart; a net figure may stand beside the total that an interface gives.
select
    account_id,
    content_id,
    metric,
    stat_date,
    count(*) as row_count
from observation_current
where semantics <> 'daily_net'
group by
    account_id, content_id, metric, stat_date, semantics = 'publication_cohort_snapshot'
having count(*) > 1
