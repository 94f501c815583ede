-- Declared corrections that are not used: the source changed its word, gives none, or they expired.
-- grain: one row per correction
-- params: none
select
    account_id,
    metric,
    stat_date,
    status,
    expected,
    source_value,
    reason,
    reported_by
from correction
where status <> 'applied'
