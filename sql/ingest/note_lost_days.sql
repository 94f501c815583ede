-- Note the days that a source no longer gives, each once.
-- grain: one row per run of days
-- Reads the frame lost_span (source, endpoint, account_id, begin_on, end_on, noticed_at, run_id).
insert into lost_day
with wanted as (
    select distinct
        source,
        endpoint,
        account_id,
        noticed_at,
        run_id,
        cast(unnest(generate_series(
            cast(begin_on as timestamp), cast(end_on as timestamp), interval 1 day
        )) as date) as day
    from lost_span
),

fresh as (
    select wanted.*
    from wanted
    anti join lost_day
        on
            wanted.source = lost_day.source
            and wanted.endpoint = lost_day.endpoint
            and wanted.account_id = lost_day.account_id
            and wanted.day between lost_day.begin_on and lost_day.end_on
    anti join fetch_outcome
        on
            wanted.source = fetch_outcome.source
            and wanted.endpoint = fetch_outcome.endpoint
            and wanted.account_id = fetch_outcome.account_id
            and wanted.day between fetch_outcome.ref_begin_on and fetch_outcome.ref_end_on
            and fetch_outcome.status in ('value', 'absent')
),

numbered as (
    select
        *,
        -- Days of one run share the same difference between day and position.
        day - cast(row_number() over (
            partition by source, endpoint, account_id order by day
        ) as integer) as run_start
    from fresh
)

select
    source,
    endpoint,
    account_id,
    min(day) as begin_on,
    max(day) as end_on,
    min(noticed_at) as noticed_at,
    min(run_id) as run_id
from numbered
group by source, endpoint, account_id, run_start
