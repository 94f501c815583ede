-- Mark the stored payloads that only revoked imports vouch for.
-- grain: one row per payload newly without a standing import
-- params: $revocation_id text, the revocation that brings them down
-- An import whose answer was already stored kept nothing of its own: it vouches for the payload
-- that was stored last before it, and taking back the other import must not take that away.
insert into revoked_payload by name
with claim as (
    select
        raw_payload.payload_sha256,
        raw_payload.source,
        raw_payload.endpoint,
        raw_payload.account_id,
        raw_payload.archive_id,
        raw_payload.fetched_at,
        export_import.import_id
    from fetch_outcome
    inner join export_import on fetch_outcome.archive_id = export_import.archive_id
    inner join raw_payload
        on
            fetch_outcome.payload_sha256 = raw_payload.payload_sha256
            and fetch_outcome.account_id = raw_payload.account_id
            and fetch_outcome.source = raw_payload.source
            and fetch_outcome.endpoint = raw_payload.endpoint
            and fetch_outcome.asked_at >= raw_payload.fetched_at
    qualify row_number() over (
        partition by fetch_outcome.outcome_id order by raw_payload.fetched_at desc
    ) = 1
)

select
    claim.payload_sha256,
    claim.source,
    claim.endpoint,
    claim.account_id,
    claim.archive_id,
    claim.fetched_at,
    $revocation_id as revocation_id
from claim
left join import_revocation on claim.import_id = import_revocation.import_id
anti join revoked_payload
    on
        claim.payload_sha256 = revoked_payload.payload_sha256
        and claim.account_id = revoked_payload.account_id
        and claim.fetched_at = revoked_payload.fetched_at
group by
    claim.payload_sha256, claim.source, claim.endpoint, claim.account_id, claim.archive_id,
    claim.fetched_at
having count(*) = count(import_revocation.import_id)
