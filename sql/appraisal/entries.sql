-- The entries of one year that stand: the latest of each unit, rule and kind.
-- grain: one row per unit, rule and kind
-- params: $year integer
with latest as (
    select
        unit_id,
        rule,
        entry_kind,
        max(entered_at) as entered_at
    from appraisal_entry
    where year = $year
    group by unit_id, rule, entry_kind
)

select
    appraisal_entry.unit_id,
    unit.name as unit_name,
    appraisal_entry.rule,
    appraisal_entry.entry_kind,
    appraisal_entry.points,
    appraisal_entry.words,
    appraisal_entry.evidence,
    appraisal_entry.person_id,
    person.name as entered_by,
    appraisal_entry.entered_at
from latest
inner join appraisal_entry
    on
        latest.unit_id = appraisal_entry.unit_id
        and latest.rule = appraisal_entry.rule
        and latest.entry_kind = appraisal_entry.entry_kind
        and latest.entered_at = appraisal_entry.entered_at
left join unit on appraisal_entry.unit_id = unit.unit_id
left join person on appraisal_entry.person_id = person.person_id
where appraisal_entry.year = $year
order by appraisal_entry.unit_id, appraisal_entry.rule, appraisal_entry.entry_kind
