-- What keeps the figures honest: days owed to the marts, declared corrections, days lost for good.

-- grain: one row per account and day whose row in account_day is out of date. A build adds to it
-- with the figures and empties it with the mart: one killed in between is made good by the next.
create table touched_day (
    account_id text not null,
    stat_date date not null
);

-- grain: one row per correction that a person declared, as of the last reading of their file.
-- action: value (use this one) or withdraw (the figure is missing). expected: what the source said
-- when the correction was declared; once it says something else the correction is no longer used.
-- status: applied, tripped (the source changed), waiting (the source has no figure) or expired.
create table correction (
    correction_id text not null,
    account_id text not null,
    metric text not null,
    semantics text not null,
    stat_date date not null,
    action text not null,
    value double,
    expected double,
    reason text not null,
    reported_by text not null,
    reported_on date not null,
    expires_on date,
    status text not null,
    source_value double,
    file_sha256 text not null,
    declared_at timestamp not null
);

-- grain: one row per run of days that a source no longer gives; found when a night was planned.
create table lost_day (
    source text not null,
    endpoint text not null,
    account_id text not null,
    begin_on date not null,
    end_on date not null,
    noticed_at timestamp not null,
    run_id text
);

-- Account figures that a correction withdraws stay in observation; nobody believes them. A declared
-- correction first, then the better source, then the later word.
create or replace view ranked_observation as
with withdrawn as (
    select
        account_id,
        metric,
        stat_date,
        '' as content_id
    from correction
    where status = 'applied' and action = 'withdraw'
)

select
    standing_observation.*,
    case
        when ends_with(standing_observation.source, '_api') then 4
        when ends_with(standing_observation.source, '_export') then 3
        when standing_observation.source = 'screenshot_verified' then 2
        else 1
    end * 100000000000000000 + epoch_us(standing_observation.fetched_at) as precedence
from standing_observation
anti join withdrawn using (account_id, metric, stat_date, content_id)
union all by name
select
    account_id,
    '' as content_id,
    metric,
    semantics,
    stat_date,
    declared_at as fetched_at,
    value,
    'correction' as source,
    file_sha256 as payload_sha256,
    9 * 100000000000000000 + epoch_us(declared_at) as precedence
from correction
where status = 'applied' and action = 'value';
