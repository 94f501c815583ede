-- Record what became of a report that waited.
-- params: $report_id text, $status text, $case_id text or null, $reason text or null,
--         $now instant, $person_id text
update report
set
    status = $status,
    case_id = $case_id,
    reason = $reason,
    settled_at = $now,
    settled_by = $person_id
where report_id = $report_id
