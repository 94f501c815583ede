-- Deadlines that still count with fewer rungs than the ledger declared for them.
-- grain: one row per deadline
-- params: $before timestamp, UTC
with declared as (
    select
        deadline.deadline_id,
        json_array_length(case_event.payload, '$.rungs') as rung_count
    from case_event
    inner join deadline on case_event.reference = deadline.deadline_id
    where
        case_event.event_type = 'deadline_armed'
        and case_event.occurred_at < $before
        and deadline.status in ('running', 'overdue', 'paused')
),

held as (
    select
        deadline_id,
        count(*) as rung_count
    from rung
    group by deadline_id
)

select declared.deadline_id as what
from declared
left join held on declared.deadline_id = held.deadline_id
where coalesce(held.rung_count, 0) < declared.rung_count
order by what
