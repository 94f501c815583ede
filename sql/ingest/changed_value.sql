-- Which staged values differ from the value known before them? A night run twice changes nothing.
-- grain: one row per account, content, metric, semantics, day, source and change of value
-- params: none
-- Reads the temporary table staged_value of the running build. What was known keeps its row.
-- key_hash stands for the six columns of the key, which are far slower to join: of 100 million
-- known keys, two share a hash with equal values in fewer than one of 100,000 nights.
with keyed as (
    select
        * replace (cast(value as double) as value),
        hash(account_id, content_id, metric, semantics, stat_date, source) as key_hash
    from staged_value
    where isfinite(try_cast(value as double)) and stat_date is not null and content_id is not null
),

known as (
    select
        *,
        hash(account_id, content_id, metric, semantics, stat_date, source) as key_hash
    from observation
    where
        stat_date between
        (select min(keyed.stat_date) from keyed) and (select max(keyed.stat_date) from keyed)
),

latest as (
    select
        key_hash,
        max(fetched_at) as fetched_at,
        max_by(value, fetched_at) as value
    from known
    group by key_hash
),

-- Only here does the order of several words on one figure have to be worked out.
contested as (
    select key_hash
    from keyed
    group by key_hash
    having count(*) > 1
    union
    select keyed.key_hash
    from keyed
    inner join latest on keyed.key_hash = latest.key_hash and keyed.fetched_at < latest.fetched_at
),

version as (
    select
        *,
        true as is_new
    from keyed
    semi join contested using (key_hash)
    union all by name
    select
        *,
        false as is_new
    from known
    semi join contested using (key_hash)
),

compared as (
    select
        *,
        lag(value) over (
            partition by account_id, content_id, metric, semantics, stat_date, source
            order by fetched_at asc, payload_sha256 asc, is_new asc
        ) as value_before
    from version
)

select keyed.* exclude (key_hash)
from keyed
anti join contested using (key_hash)
left join latest using (key_hash)
where keyed.value is distinct from latest.value
union all by name
select * exclude (key_hash, is_new, value_before)
from compared
where is_new and value is distinct from value_before
