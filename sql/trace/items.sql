-- The published items that a day's count rests on where no source counts them itself.
-- grain: one row per item and list
-- params: $account_id text; $stat_date date, a calendar day in Asia/Shanghai
select
    standing_item.content_id,
    any_value(standing_item.title) as title,
    standing_item.source,
    standing_item.endpoint,
    max(standing_item.fetched_at) as fetched_at,
    max_by(raw_payload.payload_sha256, standing_item.fetched_at) as payload_sha256
from standing_item
left join raw_payload using (account_id, source, endpoint, fetched_at)
where standing_item.account_id = $account_id and standing_item.published_on = $stat_date
group by standing_item.content_id, standing_item.source, standing_item.endpoint
order by standing_item.endpoint, standing_item.content_id
