-- The accounts with something unread, cut into parts of about $limit payloads, so that memory stays
-- bounded however much has piled up.
-- grain: one row per part, in the order of its first account
-- params: $limit integer, payloads in a part; an account is never divided
-- since_at: nothing older is unread, which spares reading the archive of all former nights.
with arrived as (
    select
        account_id,
        count(*) as payload_count,
        min(fetched_at) as since_at
    from pending_payload
    group by account_id
),

numbered as (
    select
        *,
        cast((sum(payload_count) over (order by account_id) - payload_count) // $limit as integer)
            as part_number
    from arrived
)

select
    min(account_id) as first_account_id,
    min(since_at) as since_at
from numbered
group by part_number
order by part_number
