-- The statistics catalog: raw payloads, one outcome per attempt, bitemporal observations, marts.
-- No primary keys and no indexes: a DuckLake has neither, so uniqueness comes from the merges.

-- grain: one row per distinct answer of a platform or file: payload, source, endpoint, account,
-- dates.
-- body is the exact text received, or the rows of an export file as a JSON object.
-- archive_id names the archive() call that wrote the row; staging keeps its bookkeeping by it.
create table raw_payload (
    payload_sha256 text not null,
    source text not null,
    endpoint text not null,
    account_id text not null,
    ref_begin_on date,
    ref_end_on date,
    fetched_at timestamp not null,
    run_id text,
    archive_id text,
    body text not null
);

-- grain: one row per attempt, failure included; archive_id as above.
create table fetch_outcome (
    outcome_id text not null,
    run_id text,
    archive_id text,
    source text not null,
    endpoint text not null,
    account_id text not null,
    ref_begin_on date,
    ref_end_on date,
    asked_at timestamp not null,
    finished_at timestamp not null,
    status text not null,
    http_status integer,
    platform_code text,
    row_count integer,
    payload_sha256 text,
    message text
);

-- grain: one row per archive() call whose payloads have been turned into observations.
create table staged_archive (
    archive_id text not null,
    staged_at timestamp not null
);

-- grain: one row per payload, day and reason that could not be understood; the rest went on.
create table rejected_payload (
    payload_sha256 text not null,
    source text not null,
    endpoint text not null,
    account_id text not null,
    fetched_at timestamp not null,
    reason text not null
);

-- grain: one row per value that differs from the one known before; never overwritten.
create table observation (
    account_id text not null,
    content_id text not null,
    metric text not null,
    semantics text not null,
    stat_date date not null,
    fetched_at timestamp not null,
    value double not null,
    source text not null,
    payload_sha256 text not null
);

-- grain: one row per version of a published item.
-- published_on is a day in Asia/Shanghai; published_at stays null where only the day is known.
create table content_item (
    account_id text not null,
    content_id text not null,
    title text,
    published_on date,
    published_at timestamp,
    url text,
    content_kind text,
    source text not null,
    endpoint text,
    fetched_at timestamp not null
);

-- grain: one row per account and day on which the register was copied.
create table account_snapshot (
    taken_on date not null,
    account_id text not null,
    unit_id text not null,
    unit_name text not null,
    unit_kind text,
    parent_unit_id text,
    platform text not null,
    name text not null,
    status text not null,
    opened_on date,
    responsible_person text
);

-- grain: one row per calendar day in Asia/Shanghai; filled from playbooks.core.calendar.
create table work_calendar (
    day date not null,
    is_workday boolean not null,
    is_provisional boolean not null,
    label text
);

-- grain: one row per account and day; a mart, brought up to date by each build. Null is missing.
create table account_day (
    account_id text not null,
    stat_date date not null,
    followers_total double,
    followers_new double,
    followers_cancelled double,
    reads double,
    shares double,
    likes double,
    recommends double,
    comments double,
    collections double,
    messages_received double,
    published_count double
);

-- Payloads that no build has read yet. payload_number tells apart two identical answers, and holds
-- within one statement only.
create view pending_payload as
select
    raw_payload.*,
    raw_payload.rowid as payload_number
from raw_payload
anti join staged_archive using (archive_id);

-- Observations with the order in which they are believed: a better source first, then the later
-- word.
create view ranked_observation as
select
    *,
    case
        when ends_with(source, '_api') then 4
        when ends_with(source, '_export') then 3
        when source = 'screenshot_verified' then 2
        else 1
    end * 100000000000000000 + epoch_us(fetched_at) as precedence
from observation;
