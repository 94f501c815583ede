-- Payloads of the last week that held something nobody could understand.
-- grain: one row per source, endpoint and reason
-- params: $today date, a calendar day in Asia/Shanghai
select
    source,
    endpoint,
    reason,
    count(*) as payload_count,
    min(account_id) as example_account_id,
    min(payload_sha256) as example_payload_sha256
from rejected_payload
where fetched_at >= cast($today as date) - 7
group by source, endpoint, reason
