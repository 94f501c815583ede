-- Forget the pause a channel asked for.
-- grain: one row at most
-- params: $channel text
delete from channel_pause
where channel = $channel
