-- On which days did an account get likes unlike its own weeks, and out of proportion to its reads?
-- grain: one row per account and suspicious day; leads to forced likes (Article 26), never verdicts
-- params: $begin date, $end date, both included, calendar days in Asia/Shanghai
-- The distance from the median of the 28 days before (14 known at least) in robust standard
-- deviations (1.4826 x median absolute deviation, at least 10 likes) is 8 or more, and likes per
-- read are three times the usual or nobody knows the reads: what is read widely is liked widely.
with daily as (
    select
        account_id,
        stat_date,
        likes,
        reads,
        if(reads > 0, likes / reads, null) as likes_ratio
    from account_day
    where stat_date between cast($begin as date) - 29 and cast($end as date)
),

compared as (
    select
        *,
        count(likes) over before_day as history_days,
        median(likes) over before_day as usual_likes,
        mad(likes) over before_day as usual_deviation,
        median(likes_ratio) over before_day as usual_ratio
    from daily
    window before_day as (
        partition by account_id order by stat_date
        range between interval 28 days preceding and interval 1 day preceding
    )
)

select
    account_id,
    stat_date,
    likes,
    reads,
    usual_likes,
    round((likes - usual_likes) / greatest(1.4826 * usual_deviation, 10), 1) as deviation_score,
    history_days,
    likes_ratio,
    usual_ratio
from compared
where
    history_days >= 14
    and stat_date between $begin and $end
    and (likes - usual_likes) / greatest(1.4826 * usual_deviation, 10) >= 8
    and (likes_ratio is null or usual_ratio is null or likes_ratio >= 3 * usual_ratio)
order by account_id asc, stat_date asc
