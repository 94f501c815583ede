-- Was this file already imported for this account, and does that still stand?
-- grain: one row per standing import of the file
-- params: $file_sha256 text; $account_ids text, a list in JSON; $meaning text, source and layout
select
    export_import.import_id,
    export_import.imported_at,
    export_import.imported_by
from export_import
anti join import_revocation using (import_id)
where
    export_import.file_sha256 = $file_sha256
    and export_import.account_ids = $account_ids
    and export_import.source || '/' || export_import.layout = $meaning
order by export_import.imported_at
