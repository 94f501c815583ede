-- Give one visit of a step to a named person.
-- grain: one row
-- params: $case_id text; $step_id text; $visit integer; $person_id text
update case_step
set owner_person_id = $person_id
where case_id = $case_id and step_id = $step_id and visit = $visit
