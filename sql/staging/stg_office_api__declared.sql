-- Figures from interfaces an office declares in YAML alone, read as declared_figure says.
-- grain: one row per payload, row of the reply and declared figure
-- value is text; a row without stat_date is a rejection
-- params: none
-- Only replies that their outcome calls a value are read: what else a declared interface may answer
-- its declaration alone knows. Where no day is declared the figure belongs to the day (UTC+8) of
-- asking. Days may also be written 20260105 or 2026/01/05, or begin an instant.
with declared as (
    select
        pending_payload.account_id,
        pending_payload.fetched_at,
        pending_payload.payload_sha256,
        pending_payload.body,
        declared_figure.*
    from pending_payload
    inner join declared_figure using (source, endpoint)
    semi join fetch_outcome
        on
            pending_payload.payload_sha256 = fetch_outcome.payload_sha256
            and pending_payload.account_id = fetch_outcome.account_id
            and pending_payload.archive_id = fetch_outcome.archive_id
            and fetch_outcome.status = 'value'
),

item as (
    select
        * exclude (body),
        -- An unreadable reply stays as one row without a day; a lone object is the only row.
        unnest(coalesce(
            try(from_json(json_extract(body, rows_path), '["JSON"]')),
            [try(json_extract(body, rows_path))]
        )) as item
    from declared
),

figure as (
    select
        *,
        left(json_extract_string(item, day_path), 10) as day,
        json_extract_string(item, value_path) as given
    from item
)

select
    account_id,
    '' as content_id,
    metric,
    semantics,
    case
        when item is null then null
        when day_path is null then cast(fetched_at + interval 8 hour as date)
        else cast(coalesce(
            try_cast(replace(day, '/', '-') as date),
            try(strptime(day, '%Y%m%d'))
        ) as date)
    end as stat_date,
    fetched_at,
    if(
        factor = 1, given, coalesce(cast(try_cast(given as double) * factor as text), given)
    ) as value,
    source,
    payload_sha256
from figure
