-- The unread payloads of the accounts of one part.
-- grain: one row per payload
-- params: $first_account_id, $next_account_id text, the latter not included; $since timestamp, UTC
-- The build keeps them as the temporary table pending_payload, which hides the view of that name:
-- every staging select then reads these few and not the archive of all former nights.
select pending_payload.*
from pending_payload
where
    fetched_at >= $since
    and account_id >= $first_account_id
    and account_id < $next_account_id
