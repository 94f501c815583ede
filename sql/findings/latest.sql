-- The latest row of every problem: what the next derivation compares with.
-- grain: one row per finding_key
-- params: none
with latest as (
    select
        finding_key,
        max(number) as number
    from finding
    group by finding_key
)

select finding.*
from finding
inner join latest on finding.number = latest.number
order by finding.number
