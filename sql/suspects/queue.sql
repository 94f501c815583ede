-- Suspects that wait for a person, the likeliest first, with the account they resemble.
-- grain: one row per waiting suspect
-- params: none
select
    suspect.number,
    suspect.platform,
    suspect.platform_account_id,
    suspect.display_name,
    suspect.bio,
    suspect.url,
    suspect.certified_subject,
    suspect.score,
    suspect.reasons,
    suspect.place,
    suspect.note,
    suspect.case_id,
    suspect.first_seen_at,
    suspect.last_seen_at,
    suspect.raised_at,
    suspect.told_at,
    suspect.official_account_id,
    account.name as official_name,
    account.platform as official_platform
from suspect
left join account on suspect.official_account_id = account.account_id
where suspect.status = 'waiting'
order by suspect.score desc, suspect.number asc
