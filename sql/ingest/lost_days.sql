-- What was lost for good, the latest noticed first, unless a later attempt brought all of it.
-- grain: one row per run of days
-- params: $limit integer, rows at most
select
    lost_day.source,
    lost_day.endpoint,
    lost_day.account_id,
    lost_day.begin_on,
    lost_day.end_on,
    lost_day.noticed_at
from lost_day
where
    not exists (
        select 1 from fetch_outcome
        where
            fetch_outcome.source = lost_day.source
            and fetch_outcome.endpoint = lost_day.endpoint
            and fetch_outcome.account_id = lost_day.account_id
            and fetch_outcome.status in ('value', 'absent')
            and fetch_outcome.ref_begin_on <= lost_day.begin_on
            and fetch_outcome.ref_end_on >= lost_day.end_on
    )
order by
    lost_day.noticed_at desc,
    lost_day.source asc,
    lost_day.account_id asc,
    lost_day.endpoint asc,
    lost_day.begin_on asc
limit $limit
