-- The posts that somebody has decided about: no list of leads shows them again.
-- grain: one row per thing seen in a post, of a lead that waits no more
-- status: accepted or dismissed
-- params: none
select
    incident_sign.sign_key,
    incident_lead.status
from incident_sign
inner join incident_lead on incident_sign.number = incident_lead.number
where incident_lead.status <> 'waiting' and incident_lead.kind = 'content'
order by incident_sign.sign_key
