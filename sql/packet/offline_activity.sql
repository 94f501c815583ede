-- Offline activities (线下活动) that sponsors entered, with the people who took part.
-- grain: one row per account, day and activity
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Reads the frame packet_account (account_id). Without a figure of people participants is null.
with told as (
    select
        ranked_observation.account_id,
        ranked_observation.stat_date,
        ranked_observation.content_id,
        ranked_observation.metric,
        max_by(ranked_observation.value, ranked_observation.precedence) as value
    from ranked_observation
    semi join packet_account on ranked_observation.account_id = packet_account.account_id
    where
        ranked_observation.metric in ('offline_activities', 'offline_participants')
        and ranked_observation.stat_date between $begin and $end
    group by all
)

select
    account_id,
    stat_date,
    -- An activity has no identity but its day and title.
    regexp_replace(content_id, '^title_time:[^ ]+ ', '') as title,
    max(value) filter (where metric = 'offline_participants') as participants
from told
group by account_id, stat_date, content_id
having max(value) filter (where metric = 'offline_activities') > 0
order by stat_date, account_id, title
