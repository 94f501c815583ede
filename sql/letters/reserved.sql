-- The number that one visit of a draft step reserved for a letter.
-- grain: one row at most
-- params: $case_id, $letter, $step_id text; $visit integer
select
    year,
    number
from document_number
where case_id = $case_id and letter = $letter and step_id = $step_id and visit = $visit
