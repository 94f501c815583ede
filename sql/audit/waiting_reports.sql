-- Reports that have waited for a person for more than three days: nobody looks after them.
-- grain: one row per report
-- params: $before instant, the promise before now
select report_id as what
from report
where status = 'waiting' and imported_at < $before - interval 3 day
order by imported_at, report_id
