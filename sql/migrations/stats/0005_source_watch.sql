-- What about the sources needs a person, and what a night of each is expected to bring.

-- grain: one row per opening of a matter: a source, account or check that a person has to see to.
-- kind: refused, retired:<endpoint>, quota, silent, fault:<digest> or the name of a check.
-- source and account_id are empty where the matter concerns none. told_at and recovery_told_at say
-- when the chat heard of it; a recovery is told only of what was told.
create table source_matter (
    matter_id text not null,
    source text not null,
    account_id text not null,
    kind text not null,
    sentence text not null,
    opened_at timestamp not null,
    told_at timestamp,
    healed_at timestamp,
    recovery_told_at timestamp
);

-- grain: one row per source whose declaration says what a night should bring.
-- A copy, written before each build, so that checks can read what only the declaration knows.
create table source_expectation (
    source text not null,
    least_accounts double,
    least_rows double,
    most_rows double
);
