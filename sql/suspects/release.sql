-- Put a suspect that was held back to a person.
-- params: $number integer, $now instant
update suspect
set
    status = 'waiting',
    raised_at = $now
where number = $number
