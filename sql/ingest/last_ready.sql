-- How far each account's endpoints have been read: the last day before the first unanswered one.
-- grain: one row per account and endpoint; a backfill never moves it
-- params: $source text; $since date, older days are no longer asked for anyway
with asked as (
    select
        account_id,
        endpoint,
        status in ('value', 'absent') as is_final,
        cast(unnest(generate_series(
            cast(greatest(ref_begin_on, $since) as timestamp),
            cast(ref_end_on as timestamp),
            interval 1 day
        )) as date) as day
    from fetch_outcome
    where source = $source and ref_end_on >= $since and not starts_with(run_id, 'backfill-')
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
