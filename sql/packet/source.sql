-- Where do the figures of the period come from?
-- grain: one row per source
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on).
select
    source,
    count(distinct account_id) as account_count,
    count(*) as value_count,
    min(fetched_at) as first_fetched_at,
    max(fetched_at) as last_fetched_at
from observation
semi join packet_account using (account_id)
where content_id = '' and stat_date between $begin and $end
group by source
order by source
