-- What the table rung holds about the cases in the registered frame wanted_case.
-- grain: one row per rung; wanted_case has case_id
select
    rung.deadline_id,
    rung.rung_number,
    rung.case_id,
    rung.due_at,
    rung.target_role,
    rung.is_expiry,
    rung.status
from rung
inner join wanted_case on rung.case_id = wanted_case.case_id
