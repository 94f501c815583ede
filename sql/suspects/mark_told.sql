-- Note that the chat has heard of every suspect that waits.
-- params: $now instant
update suspect
set told_at = $now
where status = 'waiting' and told_at is null
