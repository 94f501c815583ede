-- Messages that ended unknown or failed before an instant: a person must tell the recipient.
-- grain: one row per message
-- params: $before timestamp, UTC
select dedupe_key || ': ' || coalesce(detail, status) as what
from outbox
where status in ('unknown', 'failed') and finished_at < $before
order by finished_at, what
