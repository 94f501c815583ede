-- The reports of a case, and whether what reaches their reporters is still kept.
-- grain: one row per report
-- params: $case_id text
select
    report.report_id,
    report.source,
    report.number,
    report.subject,
    report.arrived_by,
    report.received_at,
    report.answer_due_at,
    reporter_contact.contact
from report
left join reporter_contact on report.report_id = reporter_contact.report_id
where report.case_id = $case_id
order by report.report_id
