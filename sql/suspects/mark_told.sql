-- Note that the chat has heard of these suspects.
-- params: $numbers list of integers, $now instant
update suspect
set told_at = $now
where number in (select unnest($numbers))
