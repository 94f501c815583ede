-- On how many of the last 30 days did a source tell nothing about an account?
-- grain: one row per source and account that was ever asked
-- params: $today date, a calendar day in Asia/Shanghai; it is not one of the 30 itself
-- A day is told when any endpoint answered for it, be it that there was nothing. Days before the
-- first one ever asked about are not owed.
with asked as (
    select
        source,
        account_id,
        greatest(min(ref_begin_on), cast($today as date) - 30) as first_on
    from fetch_outcome
    where ref_begin_on is not null
    group by source, account_id
),

span as (
    select distinct
        source,
        account_id,
        greatest(ref_begin_on, cast($today as date) - 30) as begin_on,
        least(ref_end_on, cast($today as date) - 1) as end_on
    from fetch_outcome
    where
        status in ('value', 'absent')
        and ref_begin_on < $today
        and ref_end_on >= cast($today as date) - 30
),

told as (
    select distinct
        source,
        account_id,
        unnest(generate_series(
            cast(begin_on as timestamp), cast(end_on as timestamp), interval 1 day
        )) as day
    from span
),

told_count as (
    select
        source,
        account_id,
        count(*) as day_count
    from told
    group by source, account_id
)

select
    asked.source,
    asked.account_id,
    greatest(cast($today as date) - asked.first_on, 0) - coalesce(told_count.day_count, 0)
        as missing_days
from asked
left join told_count using (source, account_id)
order by asked.source, asked.account_id
