-- The list of problems (问题清单): what rules, figures, incidents and checks give away, each with an
-- owner, a deadline and a state, and everything that ever happened to it.

-- grain: one row per problem of one account or unit; the same problem that comes back is a new row
create table finding (
    number integer primary key,
    finding_key varchar not null,
    code varchar not null,
    unit_id varchar not null,
    account_id varchar not null,
    detail varchar not null,
    grade varchar not null,
    facts varchar not null,
    owner_person_id varchar,
    due_on date not null,
    due_basis varchar not null,
    is_provisional boolean not null,
    state varchar not null,
    case_id varchar,
    opened_at timestamp not null,
    last_true_at timestamp not null,
    settled_at timestamp,
    ended_at timestamp,
    told_at timestamp,
    overdue_told_at timestamp
);

-- grain: one row per problem and thing that happened to it; never changed
create table finding_event (
    event_id varchar primary key,
    number integer not null,
    event varchar not null,
    detail varchar,
    actor varchar not null,
    happened_at timestamp not null
);
