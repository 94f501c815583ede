-- Which staged values differ from the value known before them, and for which is that not plain?
-- grain: one row per account, content, metric, semantics, day and source that may have changed
-- params: $first_account_id, $next_account_id text, the latter not included
-- Reads the temporary table staged_value of the running build. is_contested: several words in this
-- build, or one from before the latest known; ingest/changed_row works out their order.
-- Comparing by key_hash can lose a change only if two of the known keys share a hash and a value:
-- with 100 million known keys, in fewer than one of 100,000 nights.
with word as (
    select
        key_hash,
        rowid as staged_number,
        value,
        fetched_at,
        cast(null as timestamp) as known_at
    from staged_value
    where fault is null and value is not null
    union all
    select
        hash(account_id, content_id, metric, semantics, stat_date, source) as key_hash,
        null as staged_number,
        value,
        null as fetched_at,
        fetched_at as known_at
    from standing_observation
    where
        account_id >= $first_account_id
        and account_id < $next_account_id
        and stat_date between
        (select min(staged_value.stat_date) from staged_value)
        and (select max(staged_value.stat_date) from staged_value)
),

-- One pass over both: grouping is far cheaper here than joining what is new with what is known.
compared as (
    select
        key_hash,
        any_value(staged_number) as staged_number,
        count(staged_number) > 1 or coalesce(max(fetched_at) < max(known_at), false)
            as is_contested,
        any_value(value) filter (staged_number is not null) as value,
        max_by(value, known_at) as known_value
    from word
    group by key_hash
    having count(staged_number) > 0
)

select
    key_hash,
    staged_number,
    is_contested
from compared
where is_contested or value is distinct from known_value
