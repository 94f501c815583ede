-- Which of the things seen now were seen before.
-- grain: one row per row of seen_sign (registered: sign_key text) that is known
-- params: none
select incident_sign.sign_key
from incident_sign
inner join seen_sign on incident_sign.sign_key = seen_sign.sign_key
order by incident_sign.sign_key
