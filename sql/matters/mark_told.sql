-- Note that the chat has heard of the matters of the registered frame told_matter.
-- grain: one row per matter; told_matter has matter_id
-- params: $now timestamp, UTC
update source_matter
set
    recovery_told_at = case when told_at is null then recovery_told_at else $now end,
    told_at = coalesce(told_at, $now)
where matter_id in (select told_matter.matter_id from told_matter)
