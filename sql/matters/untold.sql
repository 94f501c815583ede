-- What the chat has not heard: matters that stand, and recoveries of those it was told.
-- grain: one row per matter
select
    matter_id,
    sentence,
    healed_at is not null as is_recovery
from source_matter
where
    (told_at is null and healed_at is null)
    or (told_at is not null and healed_at is not null and recovery_told_at is null)
order by opened_at, matter_id
