-- How far each account's endpoints have been read: the last day before the first unanswered one.
-- grain: one row per account and endpoint; a backfill never moves it
-- params: $source text; $since date, older days are no longer asked for anyway
with attempt as (
    select distinct
        account_id,
        endpoint,
        status in ('value', 'absent') as is_final,
        greatest(ref_begin_on, $since) as begin_on,
        ref_end_on
    from fetch_outcome
    where source = $source and ref_end_on >= $since and not starts_with(run_id, 'backfill-')
),

asked as (
    select
        account_id,
        endpoint,
        is_final,
        cast(unnest(generate_series(
            cast(begin_on as timestamp), cast(ref_end_on as timestamp), interval 1 day
        )) as date) as day
    from attempt
),

answered as (
    select
        account_id,
        endpoint,
        day,
        bool_or(is_final) as is_final
    from asked
    group by account_id, endpoint, day
)

select
    account_id,
    endpoint,
    coalesce(
        cast(min(day) filter (not is_final) - interval 1 day as date),
        max(day)
    ) as last_ready_on
from answered
group by account_id, endpoint
order by account_id, endpoint
