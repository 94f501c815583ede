-- Add what was seen since to a lead that waits; the chat hears of it anew.
-- params: $number integer, $title text, $told text, $now instant
update incident_lead
set
    title = $title,
    told = $told,
    seen_at = $now,
    told_at = null
where number = $number and status = 'waiting'
