-- How many reports came in on each day since one; every one counts, whatever became of it.
-- grain: one row per day with a report
-- params: $begin date, a calendar day in Asia/Shanghai
select
    cast(coalesce(received_at, imported_at) + interval 8 hour as date) as day,
    count(*) as report_count
from report
where cast(coalesce(received_at, imported_at) + interval 8 hour as date) >= $begin
group by day
order by day
