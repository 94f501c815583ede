-- Keep the payloads of the frame new_payload, except a repetition of the answer kept just before.
-- grain: one row per answer that differs from the one before it to the same question
-- params: none
-- Only the latest answer counts: a figure restated from A to B and back to A is three payloads.
insert into raw_payload by name
with known as (
    select raw_payload.*
    from raw_payload
    semi join new_payload using (account_id, source, endpoint, ref_begin_on, ref_end_on)
),

answer as (
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

compared as (
    select
        *,
        lag(payload_sha256) over (
            partition by account_id, source, endpoint, ref_begin_on, ref_end_on
            order by fetched_at asc, is_new asc, payload_sha256 asc
        ) as sha256_before
    from answer
)

select * exclude (is_new, sha256_before)
from compared
where is_new and payload_sha256 is distinct from sha256_before
