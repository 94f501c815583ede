-- What every staging select found, typed: a figure, a figure that is missing, or a fault in words.
-- grain: one row per payload, content, metric and day
-- params: none
-- Reads the temporary view staged_line, the union of the staging selects of the running build.
-- key_hash stands for the six columns of the key, which are far slower to join.
with typed as (
    select
        * replace (try_cast(value as double) as value),
        value as value_text,
        hash(account_id, content_id, metric, semantics, stat_date, source) as key_hash
    from staged_line
)

select
    * exclude (value_text),
    case
        when stat_date is null
            then 'not the documented JSON, or a row without a readable day'
        when content_id is null
            then 'a row without the identifier of its article'
        when value_text is not null and (value is null or not isfinite(value))
            then metric || ' is not a number: ' || left(value_text, 60)
    end as fault
from typed
