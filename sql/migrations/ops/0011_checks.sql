-- Quarterly spot checks (季度抽查, Article 30) and the annual appraisal (年度考核): what was drawn, what
-- the system knew beforehand, and what people found. The case of each is in case_summary.

-- grain: one row per spot check
create table spot_check (
    case_id varchar primary key,
    period varchar not null,
    scope varchar not null,
    seed varchar not null,
    drawn_on date not null,
    drawn_at timestamp not null
);

-- grain: one row per spot check and account of its frame, as the register had it on that day
create table spot_check_account (
    case_id varchar not null,
    account_id varchar not null,
    unit_id varchar not null,
    unit_name varchar not null,
    unit_kind varchar not null,
    platform varchar not null,
    name varchar not null,
    draw_key varchar not null,
    is_drawn boolean not null,
    is_recheck boolean not null,
    primary key (case_id, account_id)
);

-- grain: one row per spot check, drawn account and indicator: what was known when it was drawn
create table spot_check_item (
    case_id varchar not null,
    account_id varchar not null,
    indicator varchar not null,
    suggestion varchar not null,
    known varchar not null,
    is_recheck boolean not null,
    primary key (case_id, account_id, indicator)
);

-- grain: one row per verdict of a person; the latest of an account and indicator stands
create table spot_check_verdict (
    verdict_id varchar primary key,
    case_id varchar not null,
    account_id varchar not null,
    indicator varchar not null,
    verdict varchar not null,
    note varchar,
    evidence varchar,
    person_id varchar not null,
    decided_at timestamp not null
);

-- grain: one row per entry: a unit's report of itself, a score, an appeal, a ruling; never changed,
-- the latest of its year, unit, rule and kind stands
create table appraisal_entry (
    entry_id varchar primary key,
    year integer not null,
    unit_id varchar not null,
    rule varchar not null,
    entry_kind varchar not null,
    points double,
    words varchar,
    evidence varchar,
    person_id varchar not null,
    entered_at timestamp not null
);
