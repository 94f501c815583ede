-- What reports that came in since a day say, the oldest first.
-- grain: one row per report
-- params: $begin date, a calendar day in Asia/Shanghai
select
    report_id,
    subject,
    content
from report
where cast(imported_at + interval 8 hour as date) >= $begin
order by imported_at, report_id
