-- Reports of impersonators (举报线索) as they came in, without personal data; what reaches the reporter
-- stands apart and is erased once they were answered.

create table report (
    report_id varchar primary key,
    source varchar not null,
    number varchar not null,
    subject varchar not null,
    content varchar not null,
    arrived_by varchar not null,
    channel varchar not null,
    received_at timestamp,
    answer_due_at timestamp,
    suggestion varchar not null,
    status varchar not null,
    case_id varchar,
    reason varchar,
    place varchar not null,
    file_sha256 varchar not null,
    imported_at timestamp not null,
    imported_by varchar not null,
    settled_at timestamp,
    settled_by varchar
);

create table reporter_contact (
    report_id varchar primary key,
    contact varchar not null,
    purpose varchar not null,
    kept_at timestamp not null
);

create table report_attachment (
    report_id varchar not null,
    sha256 varchar not null,
    file_name varchar not null,
    size_bytes bigint not null,
    primary key (report_id, sha256)
);
