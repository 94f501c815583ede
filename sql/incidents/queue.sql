-- Leads that wait for a person, the latest first.
-- grain: one row per waiting lead
-- params: none
select
    number,
    kind,
    account_id,
    title,
    told,
    found_at,
    seen_at,
    told_at
from incident_lead
where status = 'waiting'
order by seen_at desc, number desc
