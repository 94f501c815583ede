-- Which account figures of the period were told in more than one version, and which one is used?
-- grain: one row per account, metric and day
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on).
-- The better source wins, then the later word.
with told as (
    select ranked_observation.*
    from ranked_observation
    semi join packet_account using (account_id)
    where
        ranked_observation.content_id = ''
        and ranked_observation.stat_date between $begin and $end
)

select
    account_id,
    stat_date,
    metric,
    min_by(value, fetched_at) as first_value,
    max_by(value, precedence) as used_value,
    max_by(source, precedence) as used_source,
    max_by(fetched_at, precedence) as used_fetched_at,
    count(distinct value) as version_count
from told
group by account_id, stat_date, metric, semantics
having count(distinct value) > 1
order by account_id, stat_date, metric
