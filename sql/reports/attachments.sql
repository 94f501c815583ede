-- The files that came with a report.
-- grain: one row per file
-- params: $report_id text
select
    sha256,
    file_name,
    size_bytes
from report_attachment
where report_id = $report_id
order by file_name, sha256
