-- What the table rung_claim holds about the cases in the registered frame wanted_case.
-- grain: one row per claim; wanted_case has case_id
select
    rung_claim.deadline_id,
    rung_claim.rung_number,
    rung_claim.claimed_at,
    rung_claim.lateness_s,
    rung_claim.claimed_by
from rung_claim
inner join wanted_case on split_part(rung_claim.deadline_id, '/', 1) = wanted_case.case_id
