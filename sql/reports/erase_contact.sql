-- Erase what reaches a reporter: they were answered, or nobody owes them an answer.
-- params: $report_id text
delete from reporter_contact
where report_id = $report_id
