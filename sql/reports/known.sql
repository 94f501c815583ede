-- Reports of one source that came in before, and what became of them.
-- grain: one row per report
-- params: $source text
select
    report_id,
    status,
    case_id
from report
where source = $source
order by report_id
