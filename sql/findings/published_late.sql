-- Which accounts were seen to have published what a dispatch told them, and when.
-- grain: one row per case and account that published
-- params: none
select
    case_id,
    reference as account_id,
    min(occurred_at) as recorded_at
from case_event
where event_type = 'publication_recorded'
group by case_id, reference
