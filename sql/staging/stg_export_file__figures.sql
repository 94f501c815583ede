-- Figures from imported files that no build has read: back-office exports and manual entries.
-- grain: one row per file, day or item, and metric
-- value is text; a row without stat_date is a rejection
-- params: none
-- The file's own declaration says which keys are figures and what they mean. Parts of a total,
-- totals over a period and repeated rows carry left_out: archived, not counted.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        source,
        try(from_json(body, '{
            "grain": "VARCHAR", "as_of": "VARCHAR",
            "figures": "MAP(VARCHAR, VARCHAR)", "rows": ["JSON"]
        }')) as file
    from pending_payload
    where ends_with(source, '_export') or source = 'manual_entry'
),

line as (
    select
        * exclude (file),
        file.grain,
        file.as_of,
        -- An unreadable file stays as one row without a day, which counts as a rejection.
        coalesce(map_entries(file.figures), [struct_pack(key := '', value := '')]) as figures,
        unnest(coalesce(file.rows, [null])) as line
    from parsed
    where file is null or file.grain is distinct from 'kept'
),

figure as (
    select
        * exclude (figures),
        unnest(figures) as figure
    from line
    where json_extract_string(line, 'left_out') is null
)

select
    account_id,
    if(grain = 'item', json_extract_string(line, 'content_id'), '') as content_id,
    figure.key as metric,
    figure.value as semantics,
    try_cast(coalesce(json_extract_string(line, 'stat_date'), as_of) as date) as stat_date,
    fetched_at,
    json_extract_string(line, figure.key) as value,
    source,
    payload_sha256
from figure
