-- What imports changed in the register, field by field, and the change form (变更审批表) that a
-- change of the responsible person or the administrator rests on (Article 13).

-- grain: one row per import, record and changed column; before and after stay empty where they
-- would tell how a person is reached
create table register_change (
    change_id varchar primary key,
    import_id varchar not null,
    table_name varchar not null,
    record_key varchar not null,
    column_name varchar not null,
    before_value varchar,
    after_value varchar,
    change_form varchar,
    actor varchar not null,
    changed_at timestamp not null
);
