-- Write down which payloads held something that could not be understood; the rest of them went on.
-- grain: one row per payload and reason
-- params: none
-- Reads the temporary tables staged_value and staged_content of the running build.
insert into rejected_payload by name
with fault as (
    select
        account_id,
        payload_sha256,
        fault as reason
    from staged_value
    where fault is not null
    union
    select
        account_id,
        payload_sha256,
        'not the documented JSON, or an item without identifier or day of publication' as reason
    from staged_content
    where content_id is null or published_on is null
)

select distinct
    fault.payload_sha256,
    pending_payload.source,
    pending_payload.endpoint,
    fault.account_id,
    pending_payload.fetched_at,
    fault.reason
from fault
inner join pending_payload using (payload_sha256, account_id)
anti join rejected_payload
    on
        fault.payload_sha256 = rejected_payload.payload_sha256
        and fault.account_id = rejected_payload.account_id
        and pending_payload.fetched_at = rejected_payload.fetched_at
        and fault.reason = rejected_payload.reason
