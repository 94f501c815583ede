-- Where do the figures of the period come from?
-- grain: one row per source and account
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on).
select
    standing_observation.source,
    standing_observation.account_id,
    count(*) as value_count,
    min(standing_observation.fetched_at) as first_fetched_at,
    max(standing_observation.fetched_at) as last_fetched_at
from standing_observation
semi join packet_account using (account_id)
where
    standing_observation.content_id = ''
    and standing_observation.stat_date between $begin and $end
group by standing_observation.source, standing_observation.account_id
order by standing_observation.source, standing_observation.account_id
