-- Note that the matters of the registered frame healed_matter have healed.
-- grain: one row per matter; healed_matter has matter_id
-- params: $now timestamp, UTC
update source_matter
set healed_at = $now
where
    healed_at is null
    and matter_id in (select healed_matter.matter_id from healed_matter)
