-- Sources whose night brought less than their declaration expects.
-- grain: one row per source
-- params: $today date, the day of the night in Asia/Shanghai
-- A question asked again the same day counts once, and as answered when it ever was.
with question as (
    select
        source,
        account_id,
        bool_or(status in ('value', 'absent', 'not_ready')) as is_answered,
        coalesce(max(row_count) filter (status = 'value'), 0) as row_count
    from fetch_outcome
    where starts_with(run_id, 'night-' || cast($today as varchar))
    group by source, account_id, endpoint, ref_begin_on, ref_end_on
),

night as (
    select
        source,
        count(distinct account_id) as asked_accounts,
        count(distinct account_id) filter (is_answered) as answered_accounts,
        sum(row_count) / count(distinct account_id) as rows_per_account
    from question
    group by source
)

select
    night.source,
    night.asked_accounts,
    night.answered_accounts,
    night.rows_per_account,
    source_expectation.least_accounts,
    source_expectation.least_rows
from night
inner join source_expectation using (source)
where
    night.answered_accounts < source_expectation.least_accounts * night.asked_accounts
    or night.rows_per_account < source_expectation.least_rows
