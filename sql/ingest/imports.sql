-- Which files were imported, by whom, and which of them were taken back?
-- grain: one row per import, newest first
-- params: $account_id text, an account of the register or '' for all
select
    export_import.import_id,
    export_import.imported_at,
    export_import.imported_by,
    export_import.file_name,
    export_import.file_sha256,
    export_import.source,
    export_import.layout,
    export_import.account_ids,
    export_import.as_of_on,
    export_import.first_on,
    export_import.last_on,
    export_import.row_count,
    export_import.is_capped,
    export_import.notes,
    import_revocation.revoked_at,
    import_revocation.revoked_by,
    import_revocation.reason
from export_import
left join import_revocation using (import_id)
where
    $account_id = ''
    or list_contains(
        cast(cast(export_import.account_ids as json) as varchar[]), $account_id
    )
order by export_import.imported_at desc, export_import.import_id desc
