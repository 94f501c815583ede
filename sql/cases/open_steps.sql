-- The steps of a case that wait for a person.
-- grain: one row per open step
-- params: $case_id text
select
    step_id,
    title
from case_step
where case_id = $case_id and status = 'open' and owner_role is not null
order by started_at, step_id
