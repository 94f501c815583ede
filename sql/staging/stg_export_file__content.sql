-- Published items from back-office exports that no build has read.
-- grain: one row per file and item; a row without content_id or published_on is a rejection
-- params: none
-- Without an identity of the platform time and title stand in: content_id begins with title_time:.
-- An unreadable file is a rejection of the figures already.
with parsed as (
    select
        account_id,
        fetched_at,
        payload_sha256,
        endpoint,
        source,
        try(from_json(body, '{
            "grain": "VARCHAR", "content_kind": "VARCHAR", "rows": ["JSON"]
        }')) as file
    from pending_payload
    where ends_with(source, '_export')
),

line as (
    select
        * exclude (file),
        file.content_kind,
        unnest(file.rows) as line
    from parsed
    where file.grain = 'item' and file.content_kind is not null
)

select
    account_id,
    json_extract_string(line, 'content_id') as content_id,
    json_extract_string(line, 'title') as title,
    try_cast(json_extract_string(line, 'published_on') as date) as published_on,
    -- The back offices show Asia/Shanghai; where only the day is shown the instant is not known.
    if(
        length(json_extract_string(line, 'published_at')) > 10,
        try_cast(json_extract_string(line, 'published_at') as timestamp) - interval 8 hour,
        null
    ) as published_at,
    json_extract_string(line, 'url') as url,
    content_kind,
    source,
    endpoint,
    fetched_at,
    payload_sha256
from line
where json_extract_string(line, 'left_out') is null
