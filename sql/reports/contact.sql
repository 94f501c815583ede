-- What reaches the reporter of one report.
-- grain: one row at most
-- params: $report_id text
select
    contact,
    purpose,
    kept_at
from reporter_contact
where report_id = $report_id
