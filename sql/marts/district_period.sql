-- The period's totals of the whole scope, and the same by platform and by unit.
-- grain: one row for the scope, one per platform and one per unit; grouped_by says which
-- params: none
-- Reads the frame unit_period (marts/unit_period), whose rows it adds up; nothing known adds up to
-- null, never to zero. A scope without an operating account has its one row all the same.
select
    case grouping_id(platform, unit_id)
        when 3 then 'scope'
        when 1 then 'platform'
        else 'unit'
    end as grouped_by,
    coalesce(platform, unit_id, '') as group_key,
    min(unit_name) as unit_name,
    cast(coalesce(sum(account_count), 0) as bigint) as account_count,
    cast(coalesce(sum(connected_count), 0) as bigint) as connected_count,
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
    cast(coalesce(sum(known_closing), 0) as bigint) as known_closing,
    sum(followers_growth) as followers_growth,
    cast(coalesce(sum(grown), 0) as bigint) as grown,
    sum(grown_base) as grown_base,
    sum(messages_with_replies_known) as messages_with_replies_known,
    sum(replies_with_messages_known) as replies_with_messages_known,
    cast(coalesce(sum(replying), 0) as bigint) as replying
from unit_period
group by grouping sets ((), (platform), (unit_id))
order by grouped_by, group_key
