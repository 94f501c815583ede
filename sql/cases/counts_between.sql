-- How many cases were opened and closed in a period, and how many were open at its end.
-- grain: one row
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- params: $playbook_id text
with local_case as (
    select
        status,
        is_drill,
        cast(opened_at + interval 8 hour as date) as opened_on,
        cast(closed_at + interval 8 hour as date) as closed_on
    from case_summary
    where playbook_id = $playbook_id
)

select
    count(*) filter (opened_on between $begin and $end) as opened_count,
    count(*) filter (closed_on between $begin and $end) as closed_count,
    count(*) filter (opened_on <= $end and (closed_on is null or closed_on > $end)) as open_count
from local_case
where not is_drill
