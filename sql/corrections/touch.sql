-- Which days look different because a correction came into force, changed or went out of it?
-- grain: one row per account and day
-- params: none
-- Reads the temporary table known_correction, the declared ones of before.
insert into touched_day
with before as (
    select
        account_id,
        stat_date,
        metric,
        action,
        value
    from known_correction
    where status = 'applied'
),

now_applied as (
    select
        account_id,
        stat_date,
        metric,
        action,
        value
    from correction
    where status = 'applied'
),

-- Both ways round: what came into force, and what went out of it.
changed as (
    select * from before
    union all
    select * from now_applied
),

once as (
    select
        account_id,
        stat_date
    from changed
    group by account_id, stat_date, metric, action, value
    having count(*) = 1
)

select distinct
    account_id,
    stat_date
from once
