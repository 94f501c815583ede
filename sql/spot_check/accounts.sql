-- The frame of one spot check, in the order of unit and account.
-- grain: one row per account of the frame
-- params: $case_id text
select *
from spot_check_account
where case_id = $case_id
order by unit_id, account_id
