-- Which rows of staged_value differ from the value known before them? A night run twice has none.
-- grain: one row per row of staged_value; staged_number is its rowid
-- params: $first_account_id, $next_account_id text, the latter not included
-- Reads the temporary tables staged_value and changed_key of the running build. What was known
-- keeps its row.
with contested as (
    select key_hash
    from changed_key
    where is_contested
),

version as (
    select
        staged_value.key_hash,
        staged_value.rowid as staged_number,
        staged_value.fetched_at,
        staged_value.payload_sha256,
        staged_value.value
    from staged_value
    semi join contested using (key_hash)
    where staged_value.fault is null and staged_value.value is not null
    union all
    select
        contested.key_hash,
        null as staged_number,
        standing_observation.fetched_at,
        standing_observation.payload_sha256,
        standing_observation.value
    from standing_observation
    inner join contested
        on
            contested.key_hash = hash(
                standing_observation.account_id, standing_observation.content_id,
                standing_observation.metric, standing_observation.semantics,
                standing_observation.stat_date, standing_observation.source
            )
    where
        standing_observation.account_id >= $first_account_id
        and standing_observation.account_id < $next_account_id
),

compared as (
    select
        *,
        lag(value) over (
            partition by key_hash
            order by fetched_at asc, payload_sha256 asc, staged_number asc nulls first
        ) as value_before
    from version
)

select staged_number
from changed_key
where not is_contested
union all
select staged_number
from compared
where staged_number is not null and value is distinct from value_before
