-- Duty shifts (值班) day by day from $first_on to $last_on, and who stands behind them.
-- grain: one row per day, role and position, in the order in which people are asked
-- params: $first_on date, $last_on date, both included, calendar days in Asia/Shanghai
-- A hand-over (换班) counts for its days unless the shift was imported anew after it.
with day as (
    select cast(unnest(generate_series($first_on, $last_on, interval 1 day)) as date) as held_on
),

shift as (
    select
        roster_shift.role,
        roster_shift.position,
        day.held_on,
        roster_shift.person_id,
        roster_shift.imported_at
    from roster_shift
    inner join day
        on roster_shift.starts_on <= day.held_on and roster_shift.ends_on >= day.held_on
),

handed_over as (
    select
        shift.role,
        shift.position,
        shift.held_on,
        shift_change.to_person_id,
        row_number() over (
            partition by shift.role, shift.position, shift.held_on
            order by shift_change.changed_at desc, shift_change.change_id desc
        ) as place
    from shift
    inner join shift_change
        on
            shift.role = shift_change.role
            and shift.position = shift_change.position
            and shift.held_on between shift_change.starts_on and shift_change.ends_on
            and shift.imported_at <= shift_change.changed_at
)

select
    shift.role,
    shift.position,
    shift.held_on as starts_on,
    shift.held_on as ends_on,
    coalesce(handed_over.to_person_id, shift.person_id) as person_id,
    person.name,
    person.mobile,
    person.chat_user_id,
    coalesce(
        person.chat_user_id, person.mobile, person.email, person.wecom_user_id,
        person.dingtalk_user_id, person.feishu_user_id
    ) is not null as is_reachable,
    coalesce(person.is_active, false) as is_active,
    planned.name as instead_of
from shift
left join handed_over
    on
        shift.role = handed_over.role
        and shift.position = handed_over.position
        and shift.held_on = handed_over.held_on
        and handed_over.place = 1
left join person on coalesce(handed_over.to_person_id, shift.person_id) = person.person_id
left join person as planned
    on shift.person_id = planned.person_id and shift.person_id <> handed_over.to_person_id
order by shift.role, shift.position, shift.held_on
