-- Several channels: how people are reached on each, what a message is on its way through, what was
-- tried, who has taken note of a step, and who took over a shift.

alter table person add column wecom_user_id varchar;

alter table person add column dingtalk_user_id varchar;

alter table person add column feishu_user_id varchar;

alter table person add column email varchar;

alter table outbox add column marking varchar;

alter table outbox add column sending_channel varchar;

alter table outbox add column sending_key varchar;

alter table case_step add column acknowledged_by varchar;

alter table case_step add column acknowledged_at timestamp;

create table channel_attempt (
    attempt_id varchar primary key,
    channel varchar not null,
    sending_key varchar not null,
    message_count integer not null,
    attempted_at timestamp not null
);

create table channel_pause (
    channel varchar primary key,
    until_at timestamp not null
);

create table shift_change (
    change_id varchar primary key,
    role varchar not null,
    position integer not null,
    starts_on date not null,
    ends_on date not null,
    from_person_id varchar not null,
    to_person_id varchar not null,
    reason varchar not null,
    actor varchar not null,
    changed_at timestamp not null
);
