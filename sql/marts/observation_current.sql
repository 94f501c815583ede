-- What is believed today: the best source's latest word on every figure.
-- grain: one row per account, content, metric, semantics and day
-- params: none
select
    account_id,
    content_id,
    metric,
    semantics,
    stat_date,
    max_by(value, precedence) as value,
    max_by(source, precedence) as source,
    max_by(fetched_at, precedence) as fetched_at,
    max_by(payload_sha256, precedence) as payload_sha256,
    count(distinct value) > 1 as is_restated
from ranked_observation
group by account_id, content_id, metric, semantics, stat_date
