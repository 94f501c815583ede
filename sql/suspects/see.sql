-- Note that a suspect was seen again; nothing else about it changes.
-- params: $number integer, $now instant
update suspect
set last_seen_at = $now
where number = $number
