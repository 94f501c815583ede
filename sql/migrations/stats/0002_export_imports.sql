-- What a person imported from a file, and took back again; nothing imported is ever deleted.

-- grain: one row per import of one file.
-- archive_id names the archive() call whose outcomes and payloads the import brought.
-- as_of_on is the day whose end the figures of items show; account_ids is a list in JSON.
create table export_import (
    import_id text not null,
    archive_id text not null,
    file_sha256 text not null,
    file_name text not null,
    source text not null,
    layout text not null,
    account_ids text not null,
    as_of_on date not null,
    first_on date,
    last_on date,
    row_count integer not null,
    is_capped boolean not null,
    notes text not null,
    imported_at timestamp not null,
    imported_by text not null
);

-- grain: one row per import taken back.
create table import_revocation (
    import_id text not null,
    revocation_id text not null,
    revoked_at timestamp not null,
    revoked_by text not null,
    reason text not null
);

-- grain: one row per stored payload that no standing import vouches for.
create table revoked_payload (
    payload_sha256 text not null,
    source text not null,
    endpoint text not null,
    account_id text not null,
    archive_id text not null,
    fetched_at timestamp not null,
    revocation_id text not null
);

-- Observations and items that still count; what was taken back stays in its table.
create view standing_observation as
select observation.*
from observation
anti join revoked_payload using (payload_sha256, account_id, fetched_at);

create view standing_item as
select content_item.*
from content_item
anti join revoked_payload using (account_id, source, endpoint, fetched_at);

create or replace view pending_payload as
select
    raw_payload.*,
    raw_payload.rowid as payload_number
from raw_payload
anti join staged_archive using (archive_id)
anti join revoked_payload using (payload_sha256, account_id, fetched_at);

create or replace view ranked_observation as
select
    *,
    case
        when ends_with(source, '_api') then 4
        when ends_with(source, '_export') then 3
        when source = 'screenshot_verified' then 2
        else 1
    end * 100000000000000000 + epoch_us(fetched_at) as precedence
from standing_observation;

-- Video platforms count plays where the others count reads; the two are never added up.
alter table account_day add column plays double;
