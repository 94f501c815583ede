-- Cases that something happened to after a position of the ledger, the latest first.
-- grain: one row per case
-- params: $position bigint; $limit integer, rows at most
select case_id
from case_event
where position > $position
group by case_id
order by max(position) desc
limit $limit
