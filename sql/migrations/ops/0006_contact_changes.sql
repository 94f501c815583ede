-- Who changed how a person is reached, on which channel and when; never what it was or became.

-- grain: one row per person, channel and change
create table contact_change (
    change_id varchar primary key,
    person_id varchar not null,
    channel varchar not null,
    change_kind varchar not null,
    actor varchar not null,
    changed_at timestamp not null
);
