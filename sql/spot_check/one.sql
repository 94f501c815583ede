-- One spot check.
-- grain: one row at most
-- params: $case_id text
select
    case_id,
    period,
    scope,
    seed,
    drawn_on,
    drawn_at
from spot_check
where case_id = $case_id
