-- One report.
-- grain: one row at most
-- params: $report_id text
select
    report_id,
    source,
    number,
    subject,
    content,
    channel,
    arrived_by,
    status,
    case_id,
    suggestion
from report
where report_id = $report_id
