-- What was sent through a channel after an instant of the real clock, the oldest first.
-- grain: one row per sending, a digest is one
-- params: $channel text; $since timestamp, UTC
select attempted_at
from channel_attempt
where channel = $channel and attempted_at > $since
order by attempted_at
