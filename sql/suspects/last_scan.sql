-- The latest scan.
-- grain: one row at most
-- params: none
select
    scan_id,
    started_at,
    actor,
    file_count,
    candidate_count,
    own_count,
    alert_count,
    in_case_count,
    dismissed_count,
    raised_count,
    held_count,
    problem_count
from suspect_scan
order by started_at desc, scan_id desc
limit 1
