-- Everything that was ever said about one figure of one account on one day, and how we know it.
-- grain: one row per word: an observation, or a declared correction in force; the used one first
-- params: $account_id text; $metric text; $stat_date date, a calendar day in Asia/Shanghai
-- precedence is null for a word that is not believed: its import was taken back, or a declared
-- correction withdraws it. excerpt: the stored answer around the day, else its beginning.
with word as (
    select
        observation.*,
        ranked_observation.precedence
    from observation
    left join ranked_observation
        using (
            account_id, content_id, metric, semantics, stat_date, fetched_at, source, payload_sha256
        )
    where
        observation.account_id = $account_id
        and observation.metric = $metric
        and observation.stat_date = $stat_date
        and observation.content_id = ''
    union all by name
    select *
    from ranked_observation
    where
        account_id = $account_id
        and metric = $metric
        and stat_date = $stat_date
        and source = 'correction'
),

attempt as (
    select
        payload_sha256,
        account_id,
        source,
        archive_id,
        max(asked_at) as asked_at,
        max_by(status, asked_at) as status,
        max_by(http_status, asked_at) as http_status
    from fetch_outcome
    where account_id = $account_id
    group by payload_sha256, account_id, source, archive_id
)

select
    word.value,
    word.source,
    word.semantics,
    word.fetched_at,
    word.payload_sha256,
    word.precedence,
    raw_payload.endpoint,
    raw_payload.run_id,
    raw_payload.ref_begin_on,
    raw_payload.ref_end_on,
    strlen(raw_payload.body) as payload_bytes,
    substring(
        raw_payload.body,
        greatest(1, strpos(raw_payload.body, cast($stat_date as text)) - 20), 240
    ) as excerpt,
    attempt.asked_at,
    attempt.status,
    attempt.http_status,
    export_import.import_id,
    export_import.file_name,
    export_import.file_sha256,
    import_revocation.revoked_at
from word
left join raw_payload
    on
        word.payload_sha256 = raw_payload.payload_sha256
        and word.account_id = raw_payload.account_id
        and word.source = raw_payload.source
        and word.fetched_at = raw_payload.fetched_at
left join attempt
    on
        raw_payload.payload_sha256 = attempt.payload_sha256
        and raw_payload.source = attempt.source
        and raw_payload.archive_id = attempt.archive_id
left join export_import on raw_payload.archive_id = export_import.archive_id
left join import_revocation on export_import.import_id = import_revocation.import_id
order by word.precedence desc nulls last, word.fetched_at desc, word.payload_sha256 asc
