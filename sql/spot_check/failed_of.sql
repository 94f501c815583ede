-- The items that one spot check found failed: its latest verdict of each.
-- grain: one row per account and indicator
-- params: $case_id text
with latest as (
    select
        account_id,
        indicator,
        max(decided_at) as decided_at
    from spot_check_verdict
    where case_id = $case_id
    group by account_id, indicator
)

select
    spot_check_verdict.account_id,
    spot_check_verdict.indicator,
    spot_check_verdict.note
from latest
inner join spot_check_verdict
    on
        latest.account_id = spot_check_verdict.account_id
        and latest.indicator = spot_check_verdict.indicator
        and latest.decided_at = spot_check_verdict.decided_at
where spot_check_verdict.case_id = $case_id and spot_check_verdict.verdict = 'failed'
order by spot_check_verdict.account_id, spot_check_verdict.indicator
