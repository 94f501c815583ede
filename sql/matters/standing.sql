-- The matters that have not healed, the oldest first.
-- grain: one row per matter
select
    matter_id,
    source,
    account_id,
    kind
from source_matter
where healed_at is null
order by opened_at, matter_id
