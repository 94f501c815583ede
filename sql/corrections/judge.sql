-- Which declared corrections are in force: the source still says what they expected, not too late.
-- grain: one row per declared correction
-- params: $today date, a calendar day in Asia/Shanghai
-- Reads the temporary table declared_correction. Called while the table correction is empty, so
-- that ranked_observation holds the words of the sources alone.
with said as (
    select
        declared_correction.correction_id,
        max_by(ranked_observation.semantics, ranked_observation.precedence) as source_semantics,
        max_by(ranked_observation.value, ranked_observation.precedence) as source_value
    from declared_correction
    inner join ranked_observation
        on
            declared_correction.account_id = ranked_observation.account_id
            and declared_correction.metric = ranked_observation.metric
            and declared_correction.stat_date = ranked_observation.stat_date
            and ranked_observation.content_id = ''
    group by declared_correction.correction_id
),

compared as (
    select
        declared_correction.* exclude (semantics),
        coalesce(said.source_semantics, declared_correction.semantics) as semantics,
        said.source_value,
        coalesce(
            said.source_value = declared_correction.expected,
            said.source_value is null and declared_correction.expected is null
        ) as is_expected
    from declared_correction
    left join said using (correction_id)
)

select
    * exclude (is_expected),
    case
        when expires_on < $today then 'expired'
        when is_expected then 'applied'
        when source_value is null then 'waiting'
        else 'tripped'
    end as status
from compared
