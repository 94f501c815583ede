-- How many calls each account's endpoints have spent since an instant, for the daily quota.
-- grain: one row per account and endpoint
-- params: $source text; $since timestamp, UTC, the start of the platform's day
select
    account_id,
    endpoint,
    count(*) as call_count
from fetch_outcome
where source = $source and asked_at >= $since and status <> 'refused'
group by account_id, endpoint
