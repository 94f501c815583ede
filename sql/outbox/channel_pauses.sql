-- Channels that asked for a pause which is not over.
-- grain: one row per channel
-- params: $now timestamp, UTC
select
    channel,
    until_at
from channel_pause
where until_at > $now
order by channel
