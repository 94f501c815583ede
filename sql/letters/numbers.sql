-- The document numbers given in a year, the latest first.
-- grain: one row per number
-- params: $year integer, $limit integer
select
    year,
    number,
    case_id,
    letter,
    step_id,
    visit,
    reserved_at
from document_number
where year = $year
order by number desc
limit $limit
