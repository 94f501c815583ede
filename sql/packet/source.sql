-- Where do the figures of the period come from?
-- grain: one row per source
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on).
select
    observation.source,
    count(distinct observation.account_id) as account_count,
    count(*) as value_count,
    min(observation.fetched_at) as first_fetched_at,
    max(observation.fetched_at) as last_fetched_at
from observation
semi join packet_account using (account_id)
where observation.content_id = '' and observation.stat_date between $begin and $end
group by observation.source
order by observation.source
