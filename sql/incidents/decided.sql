-- Leads that somebody has decided about, the latest first, with who and why.
-- grain: one row per decided lead
-- params: $limit integer
select
    incident_lead.number,
    incident_lead.kind,
    incident_lead.account_id,
    incident_lead.title,
    incident_lead.status,
    incident_lead.case_id,
    incident_lead.reason,
    incident_lead.decided_at,
    person.name as decided_by
from incident_lead
left join person on incident_lead.decided_by = person.person_id
where incident_lead.status <> 'waiting'
order by incident_lead.decided_at desc, incident_lead.number desc
limit $limit
