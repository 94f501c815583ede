-- On which days did an account win or lose followers unlike its own weeks and its own weekdays?
-- grain: one row per account and suspicious day; leads, never verdicts
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- Two robust distances, each in standard deviations (1.4826 x median absolute deviation, at least
-- 5 followers): from the median of the 28 days before (14 known at least), and from the median of
-- the eight same weekdays before (4 known at least): what happens every Friday is a season. A day
-- counts when the smaller of the two is 6 or more. Only the figure that stands now is weighed, so a
-- jump that a platform took back is gone; is_restated: it changed a word it had given before.
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
    where stat_date between cast($begin as date) - 57 and cast($end as date)
),

compared as (
    select
        *,
        count(followers_change) over before_day as history_days,
        median(followers_change) over before_day as usual_change,
        mad(followers_change) over before_day as usual_deviation,
        count(followers_change) over same_weekday as weekday_count,
        median(followers_change) over same_weekday as weekday_change,
        mad(followers_change) over same_weekday as weekday_deviation
    from daily
    window
        before_day as (
            partition by account_id order by stat_date
            range between interval 28 days preceding and interval 1 day preceding
        ),
        same_weekday as (
            partition by account_id, dayofweek(stat_date) order by stat_date
            range between interval 56 days preceding and interval 1 day preceding
        )
),

scored as (
    select
        *,
        (followers_change - usual_change)
        / greatest(1.4826 * usual_deviation, 5) as deviation_score,
        if(
            weekday_count < 4,
            null,
            (followers_change - weekday_change) / greatest(1.4826 * weekday_deviation, 5)
        ) as weekday_score
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
    scored.followers_total,
    scored.usual_change,
    round(scored.deviation_score, 1) as deviation_score,
    scored.history_days,
    scored.weekday_change,
    round(scored.weekday_score, 1) as weekday_score,
    restated.account_id is not null as is_restated
from scored
left join restated using (account_id, stat_date)
where
    abs(scored.deviation_score) >= 6
    and abs(coalesce(scored.weekday_score, scored.deviation_score)) >= 6
order by scored.account_id asc, scored.stat_date asc
