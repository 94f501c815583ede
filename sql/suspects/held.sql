-- Suspects that no scan has put to a person yet, in the order in which they get their turn: what
-- came back after a case first, then the likeliest.
-- grain: one row per suspect
-- params: none
select number
from suspect
where status = 'held'
order by case_id is null asc, score desc, number asc
