-- How long was each account silent, stretch by stretch, as far as the period saw it?
-- grain: one row per account and stretch of eight calendar days or more, and per account's last one
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id, opened_on). A stretch runs from an update (or, where
-- none is known, from the eve of the first known day) to the eve of the next one. The last stretch
-- ends with $end, or with the day after the last known one. 8 workdays need 8 calendar days.
with known as (
    select
        account_day.account_id,
        account_day.stat_date,
        account_day.published_count > 0 as is_update
    from account_day
    semi join packet_account using (account_id)
    where account_day.published_count is not null and account_day.stat_date <= $end
),

updated as (
    select
        known.account_id,
        known.stat_date as day
    from known
    where known.is_update
    union
    select
        standing_item.account_id,
        standing_item.published_on as day
    from standing_item
    semi join packet_account using (account_id)
    where standing_item.published_on <= $end
),

seen as (
    select
        account_id,
        stat_date as day
    from known
    union all
    select
        account_id,
        day
    from updated
),

last_known as (
    select
        account_id,
        max(day) as known_through_on
    from seen
    group by account_id
),

watched as (
    select
        known.account_id,
        greatest(min(known.stat_date) - 1, any_value(packet_account.opened_on)) as day
    from known
    inner join packet_account using (account_id)
    group by known.account_id
),

-- The eve of the first known day counts only until an update is known.
start as (
    select
        *,
        true as is_update
    from updated
    union all
    select
        watched.*,
        false as is_update
    from watched
    where not exists (
        select 1 from updated
        where updated.account_id = watched.account_id and updated.day <= watched.day
    )
),

stretch as (
    select
        start.account_id,
        start.day as from_on,
        start.is_update,
        last_known.known_through_on,
        lead(start.day) over (partition by start.account_id order by start.day) as next_update_on
    from start
    inner join last_known using (account_id)
),

bounded as (
    select
        *,
        greatest(from_on, coalesce(
            next_update_on - 1, least(cast($end as date), known_through_on + 1)
        )) as until_on
    from stretch
),

counted as (
    select
        bounded.account_id,
        bounded.from_on,
        count(*) as known_days
    from bounded
    inner join known
        on
            bounded.account_id = known.account_id
            and bounded.from_on < known.stat_date
            and bounded.until_on >= known.stat_date
    group by bounded.account_id, bounded.from_on
)

select
    bounded.account_id,
    bounded.from_on,
    bounded.is_update,
    bounded.until_on,
    bounded.next_update_on is null as is_open,
    -- The day after the last known one has begun without an update; it is not missing.
    greatest(least(bounded.until_on, bounded.known_through_on) - bounded.from_on, 0)
    - coalesce(counted.known_days, 0) as unknown_days
from bounded
left join counted using (account_id, from_on)
where
    bounded.until_on >= $begin
    and (bounded.next_update_on is null or bounded.until_on - bounded.from_on >= 8)
order by bounded.account_id, bounded.from_on
