-- What all accounts received and published on each day, together; null where none has a figure.
-- grain: one row per day with any figure
-- params: $begin date, $last_on date; calendar days in Asia/Shanghai, both included
select
    stat_date as day,
    sum(comments) as comments,
    sum(messages_received) as messages,
    sum(published_count) as published,
    count(distinct account_id) as account_count
from account_day
where
    stat_date between $begin and $last_on
    and (comments is not null or messages_received is not null or published_count is not null)
group by stat_date
order by stat_date
