-- The register (台账): units as a tree, the accounts they sponsor, people, the duty roster, and one
-- row for every import. No foreign keys: DuckDB cannot update a referenced row within a
-- transaction, so the importer checks every reference before it writes.

create table unit (
    unit_id text primary key,
    name text not null,
    short_name text,
    unit_kind text not null,
    parent_unit_id text,
    supervisor_unit_id text,
    uscc text,
    region text,
    imported_at timestamp not null
);

create table person (
    person_id text primary key,
    name text not null,
    unit_id text not null,
    post text,
    mobile text,
    chat_user_id text,
    trained_on date,
    is_active boolean not null,
    imported_at timestamp not null
);

create table account (
    account_id text primary key,
    unit_id text not null,
    platform text not null,
    platform_account_id text,
    name text not null,
    account_kind text,
    verification_status text,
    verified_subject text,
    verification_expires_on date,
    url text,
    opened_on date,
    status text not null,
    operator text,
    comments_open boolean,
    responsible_person_id text,
    administrator_person_id text,
    approval_number text,
    phone text,
    imported_at timestamp not null
);

create table roster_shift (
    shift_id text primary key,
    role text not null,
    person_id text not null,
    starts_on date not null,
    ends_on date not null,
    position integer not null,
    imported_at timestamp not null
);

create table import_record (
    import_id text primary key,
    file_name text not null,
    payload_sha256 text not null,
    imported_at timestamp not null,
    actor text not null,
    row_count integer not null
);
