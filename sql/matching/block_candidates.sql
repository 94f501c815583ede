-- The official accounts that share the most telling keys with each candidate.
-- grain: one row per candidate and official, the most promising first
-- params: $limit officials kept per candidate
-- given: the frames candidate_key (candidate, key) and protected_key (key, official, weight);
--        a key that too many officials share is not in protected_key
with shared as (
    select
        candidate_key.candidate,
        protected_key.official,
        sum(protected_key.weight) as weight
    from candidate_key
    inner join protected_key on candidate_key.key = protected_key.key
    group by candidate_key.candidate, protected_key.official
)

select
    candidate,
    official,
    weight
from shared
qualify row_number() over (partition by candidate order by weight desc, official asc) <= $limit
order by candidate asc, weight desc, official asc
