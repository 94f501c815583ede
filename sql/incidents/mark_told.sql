-- Note that the chat has heard of every lead that waits.
-- params: $now instant
update incident_lead
set told_at = $now
where status = 'waiting' and told_at is null
