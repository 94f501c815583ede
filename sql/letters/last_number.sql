-- The last document number of a year, 0 when there is none.
-- grain: one row
-- params: $year integer
select coalesce(max(number), 0) as number
from document_number
where year = $year
