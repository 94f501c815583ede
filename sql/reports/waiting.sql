-- Reports that wait for a person to say which account they are about, the oldest first.
-- grain: one row per report
-- params: none
select
    report.report_id,
    report.source,
    report.number,
    report.subject,
    report.content,
    report.arrived_by,
    report.received_at,
    report.answer_due_at,
    report.suggestion,
    report.reason,
    report.imported_at
from report
where report.status = 'waiting'
order by coalesce(report.received_at, report.imported_at), report.report_id
