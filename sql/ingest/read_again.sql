-- Let the next build read again what arrived after the payloads of a revocation.
-- grain: one row per archive() call
-- params: $revocation_id text
-- A later file that repeated a revoked figure left no row of its own: it has to be heard again.
delete from staged_archive
where archive_id in (
    select raw_payload.archive_id
    from raw_payload
    inner join revoked_payload
        on
            raw_payload.account_id = revoked_payload.account_id
            and raw_payload.source = revoked_payload.source
            and raw_payload.fetched_at > revoked_payload.fetched_at
    where revoked_payload.revocation_id = $revocation_id
)
