-- Figures that no archived payload can prove.
-- grain: one row per source and payload digest
-- params: none
select
    observation.source,
    observation.payload_sha256,
    count(*) as observation_count,
    min(observation.stat_date) as first_on,
    max(observation.stat_date) as last_on
from observation
anti join raw_payload using (payload_sha256, account_id)
group by observation.source, observation.payload_sha256
