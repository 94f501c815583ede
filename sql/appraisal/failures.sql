-- Which indicators of the spot checks of a year did a unit's accounts fail, and in which quarters?
-- grain: one row per unit, indicator, account and period; the latest verdict of each check counts
-- params: $year_prefix text, 2026Q for the year 2026
with latest as (
    select
        case_id,
        account_id,
        indicator,
        max(decided_at) as decided_at
    from spot_check_verdict
    group by case_id, account_id, indicator
)

select
    spot_check_account.unit_id,
    spot_check_verdict.indicator,
    spot_check_verdict.account_id,
    spot_check.period
from latest
inner join spot_check_verdict
    on
        latest.case_id = spot_check_verdict.case_id
        and latest.account_id = spot_check_verdict.account_id
        and latest.indicator = spot_check_verdict.indicator
        and latest.decided_at = spot_check_verdict.decided_at
inner join spot_check on latest.case_id = spot_check.case_id
inner join case_summary on latest.case_id = case_summary.case_id
inner join spot_check_account
    on
        latest.case_id = spot_check_account.case_id
        and latest.account_id = spot_check_account.account_id
where
    spot_check_verdict.verdict = 'failed'
    and starts_with(spot_check.period, $year_prefix)
    and not case_summary.is_drill
order by
    spot_check_account.unit_id,
    spot_check_verdict.indicator,
    spot_check_verdict.account_id,
    spot_check.period
