-- Remember that every archive() call and revocation not yet read has now been read.
-- grain: one row per archive() call or revocation
-- params: $now timestamp, the instant of the build in UTC
insert into staged_archive
with arrived as (
    select archive_id from raw_payload
    union
    select archive_id from fetch_outcome
    union
    select revocation_id as archive_id from import_revocation
)

select
    arrived.archive_id,
    cast($now as timestamp) as staged_at
from arrived
anti join staged_archive using (archive_id)
where arrived.archive_id is not null
