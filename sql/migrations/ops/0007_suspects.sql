-- Accounts that the nightly scan found to resemble an official one (疑似账号), what people decided
-- about each and when, and what every scan saw. None of them is a case: a person makes one of it.

-- grain: one row per account found; what it shows is as of the time it was last put to a person
create table suspect (
    number integer primary key,
    platform varchar not null,
    platform_account_id varchar,
    display_name varchar not null,
    handle varchar,
    bio varchar,
    url varchar,
    certified_subject varchar,
    avatar varchar,
    official_account_id varchar not null,
    score double not null,
    reasons varchar not null,
    place varchar not null,
    status varchar not null,
    note varchar,
    case_id varchar,
    first_seen_at timestamp not null,
    last_seen_at timestamp not null,
    raised_at timestamp,
    told_at timestamp
);

-- grain: one row per suspect and decision; a suspect that changed may be decided about again
create table suspect_decision (
    decision_id varchar primary key,
    number integer not null,
    decision varchar not null,
    display_name varchar not null,
    reason varchar,
    case_id varchar,
    person_id varchar not null,
    decided_at timestamp not null
);

-- grain: one row per scan
create table suspect_scan (
    scan_id varchar primary key,
    started_at timestamp not null,
    actor varchar not null,
    file_count integer not null,
    candidate_count integer not null,
    own_count integer not null,
    alert_count integer not null,
    in_case_count integer not null,
    dismissed_count integer not null,
    raised_count integer not null,
    held_count integer not null,
    problem_count integer not null
);
