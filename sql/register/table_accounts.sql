-- Everything the register says of each account, with its unit, its people and what checks found.
-- grain: one row per account
-- params: none
with verdict as (
    select
        spot_check_verdict.account_id,
        spot_check_verdict.case_id,
        spot_check_verdict.indicator,
        max_by(spot_check_verdict.verdict, spot_check_verdict.decided_at) as verdict
    from spot_check_verdict
    group by
        spot_check_verdict.account_id, spot_check_verdict.case_id, spot_check_verdict.indicator
),

checked as (
    select
        verdict.account_id,
        spot_check.period,
        count(*) filter (where verdict.verdict = 'failed') as failed_count
    from verdict
    inner join spot_check on verdict.case_id = spot_check.case_id
    inner join case_summary on verdict.case_id = case_summary.case_id
    where not case_summary.is_drill
    group by verdict.account_id, spot_check.period
),

last_check as (
    select
        account_id,
        max(period) as period,
        max_by(failed_count, period) as failed_count
    from checked
    group by account_id
),

problem as (
    select
        account_id,
        count(*) as open_count
    from finding
    where state in ('open', 'accepted')
    group by account_id
),

change as (
    select
        record_key,
        count(distinct import_id) as change_count
    from register_change
    where table_name = 'account'
    group by record_key
)

select
    account.*,
    unit.name as unit_name,
    unit.short_name,
    unit.unit_kind,
    unit.uscc,
    unit.region,
    parent.name as parent_name,
    supervisor.name as supervisor_name,
    responsible.name as responsible_name,
    responsible.post as responsible_post,
    responsible.mobile as responsible_mobile,
    administrator.name as administrator_name,
    administrator.post as administrator_post,
    administrator.mobile as administrator_mobile,
    administrator.trained_on as administrator_trained_on,
    case
        when last_check.period is null then null
        when last_check.failed_count = 0 then last_check.period || ' 没有问题'
        else last_check.period || ' ' || last_check.failed_count || ' 项不合格'
    end as last_check,
    coalesce(problem.open_count, 0) as open_problem_count,
    coalesce(change.change_count, 0) as change_count
from account
inner join unit on account.unit_id = unit.unit_id
left join unit as parent on unit.parent_unit_id = parent.unit_id
left join unit as supervisor on unit.supervisor_unit_id = supervisor.unit_id
left join person as responsible on account.responsible_person_id = responsible.person_id
left join person as administrator on account.administrator_person_id = administrator.person_id
left join last_check on account.account_id = last_check.account_id
left join problem on account.account_id = problem.account_id
left join change on account.account_id = change.record_key
order by account.unit_id, account.account_id
