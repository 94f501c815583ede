-- What the accounts published since a day, by title: once an item, its latest title.
-- grain: one row per account and item
-- params: $begin date, a calendar day in Asia/Shanghai
select
    account_id,
    content_id,
    max_by(title, fetched_at) as title,
    max_by(url, fetched_at) as url,
    max(published_on) as published_on
from standing_item
where published_on >= $begin and title is not null
group by account_id, content_id
order by published_on desc, account_id asc, content_id asc
