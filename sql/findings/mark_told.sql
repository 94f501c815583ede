-- Note that the chat has heard of problems: that they opened, or that their deadline has passed.
-- params: $numbers list of integers, $now instant, $is_overdue boolean
update finding
set
    told_at = if($is_overdue, told_at, $now),
    overdue_told_at = if($is_overdue, $now, overdue_told_at)
where number in (select unnest($numbers))
