-- What did each unit achieve in the period on each platform, and how much of it do we know?
-- grain: one row per unit and platform on which it has an operating account
-- params: none
-- Reads the frame account_period (marts/account_period). A unit's own accounts only, not those of
-- the units below. Beside a figure, <figure>_days: account-days present, of expected_days.
-- Followers count accounts: known_closing, and grown where both ends are known (over grown_base).
select
    unit_id,
    min(unit_name) as unit_name,
    min(unit_kind) as unit_kind,
    platform,
    count(*) as account_count,
    count(*) filter (is_connected) as connected_count,
    cast(coalesce(sum(expected_days), 0) as bigint) as expected_days,
    sum(followers_new) as followers_new,
    cast(coalesce(sum(followers_new_days), 0) as bigint) as followers_new_days,
    sum(followers_cancelled) as followers_cancelled,
    cast(coalesce(sum(followers_cancelled_days), 0) as bigint) as followers_cancelled_days,
    sum(published_count) as published_count,
    cast(coalesce(sum(published_count_days), 0) as bigint) as published_count_days,
    sum(original_count) as original_count,
    cast(coalesce(sum(original_count_days), 0) as bigint) as original_count_days,
    sum(reposted_count) as reposted_count,
    cast(coalesce(sum(reposted_count_days), 0) as bigint) as reposted_count_days,
    sum(interpretation_count) as interpretation_count,
    cast(coalesce(sum(interpretation_count_days), 0) as bigint) as interpretation_count_days,
    sum(reads) as reads,
    cast(coalesce(sum(reads_days), 0) as bigint) as reads_days,
    sum(plays) as plays,
    cast(coalesce(sum(plays_days), 0) as bigint) as plays_days,
    sum(shares) as shares,
    cast(coalesce(sum(shares_days), 0) as bigint) as shares_days,
    sum(likes) as likes,
    cast(coalesce(sum(likes_days), 0) as bigint) as likes_days,
    sum(recommends) as recommends,
    cast(coalesce(sum(recommends_days), 0) as bigint) as recommends_days,
    sum(comments) as comments,
    cast(coalesce(sum(comments_days), 0) as bigint) as comments_days,
    sum(collections) as collections,
    cast(coalesce(sum(collections_days), 0) as bigint) as collections_days,
    sum(messages_received) as messages_received,
    cast(coalesce(sum(messages_received_days), 0) as bigint) as messages_received_days,
    sum(replies_sent) as replies_sent,
    cast(coalesce(sum(replies_sent_days), 0) as bigint) as replies_sent_days,
    sum(closing_followers) as closing_followers,
    count(closing_followers) as known_closing,
    sum(followers_growth) as followers_growth,
    count(followers_growth) as grown,
    sum(opening_followers) filter (followers_growth is not null) as grown_base,
    sum(messages_with_replies_known) as messages_with_replies_known,
    sum(replies_with_messages_known) as replies_with_messages_known,
    count(messages_with_replies_known) as replying
from account_period
where is_operating
group by unit_id, platform
order by unit_id, platform
