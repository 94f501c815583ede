-- The spot check before this one: the latest that was drawn earlier, drills apart.
-- grain: one row at most
-- params: $case_id text, $now instant
select
    spot_check.case_id,
    spot_check.period
from spot_check
inner join case_summary on spot_check.case_id = case_summary.case_id
where
    spot_check.case_id != $case_id
    and spot_check.drawn_at < $now
    and not case_summary.is_drill
order by spot_check.drawn_at desc
limit 1
