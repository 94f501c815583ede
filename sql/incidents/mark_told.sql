-- Note that the chat has heard of these leads.
-- params: $numbers list of integers, $now instant
update incident_lead
set told_at = $now
where number in (select unnest($numbers))
