-- What imports changed in the register, the latest first; of one record, or of all.
-- grain: one row per changed column
-- params: $record_key text, empty for every record; $limit integer
select
    table_name,
    record_key,
    column_name,
    before_value,
    after_value,
    change_form,
    actor,
    changed_at,
    import_id
from register_change
where $record_key = '' or record_key = $record_key
order by changed_at desc, table_name asc, record_key asc, column_name asc
limit $limit
