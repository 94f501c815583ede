-- What the system knew and what a person found, for every drawn account and indicator.
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
    spot_check_item.account_id,
    spot_check_item.indicator,
    spot_check_item.suggestion,
    spot_check_item.known,
    spot_check_item.is_recheck,
    spot_check_verdict.verdict,
    spot_check_verdict.note,
    spot_check_verdict.evidence,
    spot_check_verdict.person_id,
    person.name as checked_by,
    spot_check_verdict.decided_at
from spot_check_item
left join latest
    on
        spot_check_item.account_id = latest.account_id
        and spot_check_item.indicator = latest.indicator
left join spot_check_verdict
    on
        spot_check_verdict.case_id = $case_id
        and latest.account_id = spot_check_verdict.account_id
        and latest.indicator = spot_check_verdict.indicator
        and latest.decided_at = spot_check_verdict.decided_at
left join person on spot_check_verdict.person_id = person.person_id
where spot_check_item.case_id = $case_id
order by spot_check_item.account_id, spot_check_item.indicator
