-- Units whose accounts carry different names on different platforms (Article 11).
-- grain: one row per unit; account_id is null
-- params: none
with named as (
    select
        unit_id,
        name,
        platform
    from account
    where status not in ('shut_down', 'deregistered')
    group by unit_id, name, platform
)

select
    unit_id,
    cast(null as text) as account_id,
    string_agg(distinct name, ' / ' order by name) as detail
from named
group by unit_id
having count(distinct name) > 1 and count(distinct platform) > 1
order by unit_id
