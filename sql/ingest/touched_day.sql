-- Which days of which accounts may look different after this build?
-- grain: one row per account and day
-- params: $first_account_id, $next_account_id text, the latter not included
-- Reads the temporary tables staged_value, changed_row and changed_item of the running build.
with new_outcome as (
    select fetch_outcome.*
    from fetch_outcome
    anti join staged_archive using (archive_id)
    where
        fetch_outcome.account_id >= $first_account_id
        and fetch_outcome.account_id < $next_account_id
),

-- A content list says something about every day it covers, also about the days without an item.
listed as (
    select
        account_id,
        unnest(generate_series(
            ref_begin_on, least(ref_end_on, cast(asked_at + interval 8 hour as date) - 1),
            interval 1 day
        )) as stat_date
    from new_outcome
    where endpoint in (
        'freepublish/batchget', 'statuses/user_timeline', 'video/video_list',
        'archive/viewlist', 'photo/list'
    )
),

-- A revocation not yet followed: what it brought down may have been what those days showed.
new_revocation as (
    select revoked_payload.*
    from revoked_payload
    anti join staged_archive on revoked_payload.revocation_id = staged_archive.archive_id
),

fallen as (
    select
        observation.account_id,
        observation.stat_date
    from observation
    semi join new_revocation using (payload_sha256, account_id, fetched_at)
    where observation.content_id = ''
    union
    select
        content_item.account_id,
        content_item.published_on as stat_date
    from content_item
    semi join new_revocation using (account_id, source, endpoint, fetched_at)
)

select distinct
    staged_value.account_id,
    staged_value.stat_date
from staged_value
semi join changed_row on staged_value.rowid = changed_row.staged_number
where staged_value.content_id = ''
union
select
    account_id,
    published_on as stat_date
from changed_item
union
select
    account_id,
    cast(stat_date as date) as stat_date
from listed
union
select
    account_id,
    stat_date
from fallen
