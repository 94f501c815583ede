-- Leads to incidents (事件线索): what detectors saw that a person should look at, and what the person
-- decided. None of them is a case: a person makes one of it, or dismisses it, once.

-- grain: one row per lead
create table incident_lead (
    number integer primary key,
    kind varchar not null,
    account_id varchar,
    title varchar not null,
    told varchar not null,
    status varchar not null,
    case_id varchar,
    found_at timestamp not null,
    seen_at timestamp not null,
    told_at timestamp,
    decided_by varchar,
    decided_at timestamp,
    reason varchar
);

-- grain: one row per thing seen; it makes no second lead, whatever became of the first
create table incident_sign (
    sign_key varchar primary key,
    number integer not null,
    seen_at timestamp not null
);
