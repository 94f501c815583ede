-- Duty shifts (值班) that touch the days from $first_on to $last_on, and who stands behind them.
-- grain: one row per shift, in the order in which people are asked
-- params: $first_on date, $last_on date, both included, calendar days in Asia/Shanghai
with shift as (
    select
        role,
        position,
        starts_on,
        ends_on,
        person_id
    from roster_shift
    where starts_on <= $last_on and ends_on >= $first_on
)

select
    shift.role,
    shift.position,
    shift.starts_on,
    shift.ends_on,
    shift.person_id,
    person.name,
    person.mobile,
    person.chat_user_id,
    coalesce(person.is_active, false) as is_active
from shift
left join person on shift.person_id = person.person_id
order by shift.role, shift.position, shift.starts_on
