-- Cases, their ledger, deadlines, escalation ladders, outbox and heartbeats.
-- Instants (_at) are UTC. Every row but the ledger's can be folded again from the ledger.

create table case_event (
    position bigint primary key,
    case_id varchar not null,
    event_type varchar not null,
    reference varchar not null,
    actor varchar not null,
    occurred_at timestamp not null,
    payload varchar not null,
    previous_hash varchar not null,
    entry_hash varchar not null
);

create table playbook_version (
    digest varchar primary key,
    playbook_id varchar not null,
    version integer not null,
    body varchar not null,
    stored_at timestamp not null
);

create table case_summary (
    case_id varchar primary key,
    playbook_id varchar not null,
    playbook_digest varchar not null,
    title varchar not null,
    dedupe_key varchar not null,
    status varchar not null,
    outcome varchar,
    is_drill boolean not null,
    opened_at timestamp not null,
    closed_at timestamp
);

create table case_step (
    case_id varchar not null,
    step_id varchar not null,
    visit integer not null,
    title varchar not null,
    step_type varchar not null,
    owner_role varchar,
    owner_person_id varchar,
    status varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    primary key (case_id, step_id, visit)
);

create table deadline (
    deadline_id varchar primary key,
    case_id varchar not null,
    step_id varchar not null,
    visit integer not null,
    title varchar not null,
    budget double not null,
    unit varchar not null,
    kind varchar not null,
    basis varchar not null,
    started_at timestamp not null,
    running_since_at timestamp,
    consumed double not null,
    due_at timestamp not null,
    is_provisional boolean not null,
    calendar_version varchar not null,
    status varchar not null,
    pause_reason varchar
);

create table rung (
    deadline_id varchar not null,
    rung_number integer not null,
    case_id varchar not null,
    due_at timestamp not null,
    target_role varchar not null,
    is_expiry boolean not null,
    status varchar not null,
    primary key (deadline_id, rung_number)
);

create table rung_claim (
    deadline_id varchar not null,
    rung_number integer not null,
    claimed_at timestamp not null,
    lateness_s double not null,
    claimed_by varchar not null,
    primary key (deadline_id, rung_number)
);

create table outbox (
    dedupe_key varchar primary key,
    case_id varchar not null,
    channel varchar not null,
    recipient varchar not null,
    severity varchar not null,
    title varchar not null,
    body varchar not null,
    link varchar,
    status varchar not null,
    attempts integer not null,
    created_at timestamp not null,
    next_attempt_at timestamp not null,
    sending_since_at timestamp,
    finished_at timestamp,
    receipt varchar,
    detail varchar
);

create table stored_file (
    sha256 varchar not null,
    case_id varchar not null,
    file_name varchar not null,
    size_bytes bigint not null,
    purpose varchar not null,
    stored_at timestamp not null,
    actor varchar not null
);

create table heartbeat (
    name varchar primary key,
    beat_at timestamp not null,
    detail varchar not null
);
