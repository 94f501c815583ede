-- Rungs of open cases that were due before an instant and that nobody claimed.
-- grain: one row per rung
-- params: $before timestamp, UTC, the instant of the check less the promised time
select rung.deadline_id || ' #' || rung.rung_number as what
from rung
inner join deadline on rung.deadline_id = deadline.deadline_id
left join rung_claim
    on
        rung.deadline_id = rung_claim.deadline_id
        and rung.rung_number = rung_claim.rung_number
where
    rung.due_at < $before
    and deadline.status in ('running', 'overdue')
    and rung_claim.deadline_id is null
order by rung.due_at, what
