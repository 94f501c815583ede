-- How far each account's endpoints have been read: the last day before the first unanswered one.
-- grain: one row per account and endpoint; a backfill never moves it
-- params: $source text; $since date, older days are no longer asked for anyway
-- The latest attempt counts: a day read again because its figures are restated is unanswered when
-- that failed, whatever an earlier night was told. Of two at one instant the answer counts.
with asked as (
    select
        account_id,
        endpoint,
        greatest(ref_begin_on, $since) as begin_on,
        ref_end_on,
        max(struct_pack(at := asked_at, is_final := status in ('value', 'absent'))) as latest
    from fetch_outcome
    where source = $source and ref_end_on >= $since and not starts_with(run_id, 'backfill-')
    group by account_id, endpoint, ref_begin_on, ref_end_on
),

attempt as (
    select
        account_id,
        endpoint,
        latest,
        cast(unnest(generate_series(
            cast(begin_on as timestamp), cast(ref_end_on as timestamp), interval 1 day
        )) as date) as day
    from asked
),

answered as (
    select
        account_id,
        endpoint,
        day,
        max(latest).is_final as is_final
    from attempt
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
