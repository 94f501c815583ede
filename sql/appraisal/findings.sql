-- How many problems each unit had in a year, by code; what a person dismissed is none.
-- grain: one row per unit and code
-- params: $begin_at instant, $end_at instant (not included), $now instant
-- An overdue one: its deadline passed while it ran, or before it was settled.
select
    unit_id,
    code,
    count(*) as finding_count,
    count(*) filter (
        cast(coalesce(settled_at, $now) + interval 8 hour as date) > due_on
    ) as overdue_count,
    list(number order by number) as numbers
from finding
where
    opened_at >= $begin_at
    and opened_at < $end_at
    and state != 'dismissed'
group by unit_id, code
order by unit_id, code
