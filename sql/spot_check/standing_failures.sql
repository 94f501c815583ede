-- Which failed items of spot checks nobody has yet found, or said, to be put right?
-- grain: one row per account and indicator whose latest verdict is a failure; drills apart
-- params: none
with latest as (
    select
        spot_check_verdict.account_id,
        spot_check_verdict.indicator,
        max(spot_check_verdict.decided_at) as decided_at
    from spot_check_verdict
    inner join case_summary on spot_check_verdict.case_id = case_summary.case_id
    where not case_summary.is_drill
    group by spot_check_verdict.account_id, spot_check_verdict.indicator
),

put_right as (
    select
        finding_key,
        max(settled_at) as settled_at
    from finding
    where state = 'fixed'
    group by finding_key
)

select
    spot_check_verdict.case_id,
    spot_check.period,
    spot_check_verdict.account_id,
    account.unit_id,
    spot_check_verdict.indicator,
    spot_check_verdict.note,
    spot_check_verdict.decided_at
from latest
inner join spot_check_verdict
    on
        latest.account_id = spot_check_verdict.account_id
        and latest.indicator = spot_check_verdict.indicator
        and latest.decided_at = spot_check_verdict.decided_at
inner join spot_check on spot_check_verdict.case_id = spot_check.case_id
inner join account on spot_check_verdict.account_id = account.account_id
left join put_right
    on
        put_right.finding_key
        = 'spot_check:' || spot_check_verdict.account_id || ':' || spot_check_verdict.indicator
where
    spot_check_verdict.verdict = 'failed'
    and account.status not in ('shut_down', 'deregistered')
    and (put_right.settled_at is null or put_right.settled_at < spot_check_verdict.decided_at)
order by spot_check_verdict.account_id, spot_check_verdict.indicator
