-- Pass one visit of an approval on to the next role of its chain; a hand-over covered one turn only.
-- grain: one row
-- params: $case_id text; $step_id text; $visit integer; $owner_role text
update case_step
set owner_role = $owner_role, owner_person_id = null
where case_id = $case_id and step_id = $step_id and visit = $visit
