-- How long has each account been silent, and which of the two stale rules bites first?
-- grain: one row per account of the latest register copy that is meant to publish
-- params: $today date, a calendar day in Asia/Shanghai
-- Local rule: Article 31, more than 7 workdays, read as from the 8th workday. National rule: two
-- weeks, 14 calendar days. Approaching (5 workdays or 11 calendar days) and clearance (more than 3
-- months) are internal marks. The same numbers, day by day with reasons: core/staleness_rule.py.
-- Nothing is counted past the first day we know nothing about; unknown_days lie inside the count.
with register as (
    select *
    from account_snapshot
    where
        taken_on = (
            select max(earlier.taken_on) from account_snapshot as earlier
            where earlier.taken_on <= $today
        )
        and status in ('active', 'abnormal', 'in_public_notice')
),

known as (
    select
        account_id,
        min(stat_date) as first_known_on,
        max(stat_date) as known_through_on,
        max(stat_date) filter (published_count > 0) as last_counted_on
    from account_day
    where published_count is not null and stat_date <= $today
    group by account_id
),

listed as (
    select
        account_id,
        max(published_on) as last_listed_on
    from standing_item
    where published_on <= $today
    group by account_id
),

silence as (
    select
        register.*,
        known.known_through_on,
        greatest(known.last_counted_on, listed.last_listed_on) as last_update_on,
        -- greatest() and least() skip nulls: what is not known must not become a very long silence.
        coalesce(
            greatest(known.last_counted_on, listed.last_listed_on),
            if(
                known.first_known_on is null,
                null,
                greatest(known.first_known_on - 1, register.opened_on)
            )
        ) as counted_from_on,
        -- The day after the last known one may be counted: it has begun without an update.
        if(
            known.known_through_on is null and listed.last_listed_on is null,
            null,
            least($today, greatest(known.known_through_on, listed.last_listed_on) + 1)
        ) as counted_to_on
    from register
    left join known using (account_id)
    left join listed using (account_id)
),

numbered_day as (
    select
        day,
        is_workday,
        sum(cast(is_workday as integer)) over (order by day) as workday_number,
        sum(cast(is_provisional as integer)) over (order by day) as provisional_number
    from work_calendar
),

published as (
    select
        silence.account_id,
        count(*) as known_days
    from silence
    inner join account_day using (account_id)
    where
        account_day.published_count is not null
        and account_day.stat_date > silence.counted_from_on
        and account_day.stat_date < silence.counted_to_on
    group by silence.account_id
),

counted as (
    select
        silence.*,
        until_day.workday_number - from_day.workday_number as workdays_since,
        silence.counted_to_on - silence.counted_from_on as calendar_days_since,
        if(
            silence.counted_to_on is null,
            null,
            greatest(silence.counted_to_on - silence.counted_from_on - 1, 0)
        )
        - coalesce(published.known_days, 0) as unknown_days,
        eighth_day.day as local_bites_on,
        silence.counted_from_on + 14 as national_bites_on,
        eighth_day.provisional_number > from_day.provisional_number as is_provisional
    from silence
    left join published using (account_id)
    left join numbered_day as from_day on silence.counted_from_on = from_day.day
    left join numbered_day as until_day on silence.counted_to_on = until_day.day
    left join numbered_day as eighth_day
        on from_day.workday_number + 8 = eighth_day.workday_number and eighth_day.is_workday
),

marked as (
    select
        *,
        workdays_since >= 5 or calendar_days_since >= 11 as approaching,
        workdays_since > 7 as local_overdue,
        calendar_days_since >= 14 as national_failed,
        counted_to_on > counted_from_on + interval 3 month as clearance_candidate
    from counted
)

select
    account_id,
    unit_id,
    unit_name,
    platform,
    name,
    last_update_on,
    known_through_on,
    counted_from_on,
    counted_to_on,
    workdays_since,
    calendar_days_since,
    unknown_days,
    case
        when calendar_days_since is null then null
        when clearance_candidate then 'clearance_candidate'
        when national_failed then 'national_failed'
        when local_overdue then 'local_overdue'
        when approaching then 'approaching'
        when workdays_since is not null then 'normal'
    end as state,
    approaching,
    local_overdue,
    national_failed,
    clearance_candidate,
    local_bites_on,
    national_bites_on,
    case
        when local_bites_on is null then null
        when local_bites_on = national_bites_on then 'both'
        when local_bites_on < national_bites_on then 'local_7_workdays'
        else 'national_2_weeks'
    end as first_rule,
    if(local_bites_on is null, null, least(local_bites_on, national_bites_on)) as first_bites_on,
    is_provisional
from marked
order by calendar_days_since desc nulls last, account_id asc
