-- What the table stored_file holds about the cases in the registered frame wanted_case.
-- grain: one row per file and case; wanted_case has case_id
select
    stored_file.sha256,
    stored_file.case_id,
    stored_file.file_name,
    stored_file.size_bytes,
    stored_file.purpose,
    stored_file.stored_at,
    stored_file.actor
from stored_file
inner join wanted_case on stored_file.case_id = wanted_case.case_id
where stored_file.purpose = 'evidence'
