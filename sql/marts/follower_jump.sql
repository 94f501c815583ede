-- On which days did an account win or lose followers unlike its own last four weeks? Leads only.
-- grain: one row per account and suspicious day
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Distance from the median of the 28 days before, in robust standard deviations (1.4826 x median
-- absolute deviation, at least 5 followers so that a quiet account is not all jumps). Two weeks of
-- history are needed. is_restated says that the platform changed the figure after first telling it.
with daily as (
    select
        account_id,
        stat_date,
        followers_total,
        coalesce(
            followers_new - followers_cancelled,
            followers_total - lag(followers_total) over (
                partition by account_id order by stat_date
                range between interval 1 day preceding and interval 1 day preceding
            )
        ) as followers_change
    from account_day
    where stat_date between cast($begin as date) - 30 and cast($end as date)
),

compared as (
    select
        *,
        count(followers_change) over before_day as history_days,
        median(followers_change) over before_day as usual_change,
        mad(followers_change) over before_day as usual_deviation
    from daily
    window before_day as (
        partition by account_id order by stat_date
        range between interval 28 days preceding and interval 1 day preceding
    )
),

scored as (
    select
        *,
        (followers_change - usual_change)
        / greatest(1.4826 * usual_deviation, 5) as deviation_score
    from compared
    where history_days >= 14 and stat_date between $begin and $end
),

word as (
    select
        account_id,
        stat_date,
        count(distinct value) as word_count
    from standing_observation
    where
        content_id = ''
        and metric in ('followers_total', 'followers_new', 'followers_cancelled')
        and stat_date between $begin and $end
    group by account_id, stat_date, metric, source
),

restated as (
    select
        account_id,
        stat_date
    from word
    group by account_id, stat_date
    having max(word_count) > 1
)

select
    scored.account_id,
    scored.stat_date,
    scored.followers_change,
    scored.usual_change,
    round(scored.deviation_score, 1) as deviation_score,
    scored.history_days,
    scored.followers_total,
    restated.account_id is not null as is_restated
from scored
left join restated using (account_id, stat_date)
where abs(scored.deviation_score) >= 6
order by abs(scored.deviation_score) desc, scored.account_id asc, scored.stat_date asc
