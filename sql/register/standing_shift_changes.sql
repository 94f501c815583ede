-- Hand-overs (换班) of duty shifts that have not been imported anew since.
-- grain: one row per hand-over
-- params: none
select
    shift_change.change_id,
    shift_change.role,
    shift_change.position,
    shift_change.starts_on,
    shift_change.ends_on,
    shift_change.from_person_id,
    shift_change.to_person_id,
    shift_change.reason,
    shift_change.actor,
    shift_change.changed_at
from shift_change
where
    exists (
        select 1 from roster_shift
        where
            roster_shift.role = shift_change.role
            and roster_shift.position = shift_change.position
            and roster_shift.starts_on <= shift_change.ends_on
            and roster_shift.ends_on >= shift_change.starts_on
            and roster_shift.imported_at <= shift_change.changed_at
    )
order by shift_change.changed_at, shift_change.change_id
