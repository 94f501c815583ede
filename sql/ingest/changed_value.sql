-- Which staged values differ from the value known before them? A night run twice changes nothing.
-- grain: one row per account, content, metric, semantics, day, source and change of value
-- params: none
-- Reads the temporary table staged_value of the running build. What was known keeps its row.
-- Comparing by key_hash can lose a change only if two of the known keys share a hash and a value:
-- with 100 million known keys, in fewer than one of 100,000 nights.
with latest as (
    select
        hash(account_id, content_id, metric, semantics, stat_date, source) as key_hash,
        max(fetched_at) as fetched_at,
        max_by(value, fetched_at) as value
    from standing_observation
    where
        stat_date between
        (select min(staged_value.stat_date) from staged_value)
        and (select max(staged_value.stat_date) from staged_value)
    group by key_hash
),

-- Only for these does the order of several words on one figure have to be worked out.
contested as (
    select key_hash
    from staged_value
    where fault is null and value is not null
    group by key_hash
    having count(*) > 1
    union
    select staged_value.key_hash
    from staged_value
    inner join latest
        on
            staged_value.key_hash = latest.key_hash
            and staged_value.fetched_at < latest.fetched_at
),

version as (
    select
        staged_value.* exclude (key_hash, value_text, fault),  -- noqa: RF02
        true as is_new
    from staged_value
    semi join contested using (key_hash)
    where staged_value.fault is null and staged_value.value is not null
    union all by name
    select
        standing_observation.*,
        false as is_new
    from standing_observation
    semi join contested
        on
            contested.key_hash = hash(
                standing_observation.account_id, standing_observation.content_id,
                standing_observation.metric, standing_observation.semantics,
                standing_observation.stat_date, standing_observation.source
            )
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

select staged_value.* exclude (key_hash, value_text, fault)  -- noqa: RF02
from staged_value
anti join contested using (key_hash)
left join latest using (key_hash)
where
    staged_value.fault is null
    and staged_value.value is not null
    and staged_value.value is distinct from latest.value
union all by name
select * exclude (is_new, value_before)
from compared
where is_new and value is distinct from value_before
