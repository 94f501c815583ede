-- Keep the payloads of the frame new_payload, except a repetition of the answer kept just before.
-- grain: one row per payload of an answer that differs from the one before it to the same question
-- params: none
-- An answer is all that one archive() call brought to a question: a list arrives in several pages.
-- Only the latest answer counts: a figure restated from A to B and back to A is three answers.
insert into raw_payload by name
with known as (
    select raw_payload.*
    from raw_payload
    semi join new_payload using (account_id, source, endpoint, ref_begin_on, ref_end_on)
    -- A file taken back by mistake may be imported again.
    anti join revoked_payload using (payload_sha256, account_id, fetched_at)
),

payload as (
    select
        *,
        true as is_new
    from new_payload
    union all by name
    select
        *,
        false as is_new
    from known
),

answer as (
    select
        account_id,
        source,
        endpoint,
        ref_begin_on,
        ref_end_on,
        archive_id,
        is_new,
        min(fetched_at) as fetched_at,
        list(payload_sha256 order by payload_sha256) as pages
    from payload
    group by account_id, source, endpoint, ref_begin_on, ref_end_on, archive_id, is_new
),

compared as (
    select
        *,
        lag(pages) over (
            partition by account_id, source, endpoint, ref_begin_on, ref_end_on
            order by fetched_at asc, is_new asc, archive_id asc
        ) as pages_before
    from answer
)

select
    new_payload.payload_sha256,
    new_payload.source,
    new_payload.endpoint,
    new_payload.account_id,
    new_payload.ref_begin_on,
    new_payload.ref_end_on,
    new_payload.fetched_at,
    new_payload.run_id,
    new_payload.archive_id,
    new_payload.body
from new_payload
semi join compared
    on
        new_payload.account_id = compared.account_id
        and new_payload.source = compared.source
        and new_payload.endpoint = compared.endpoint
        and new_payload.ref_begin_on is not distinct from compared.ref_begin_on
        and new_payload.ref_end_on is not distinct from compared.ref_end_on
        and new_payload.archive_id is not distinct from compared.archive_id
        and compared.is_new
        and compared.pages is distinct from compared.pages_before
