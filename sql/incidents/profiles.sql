-- What platforms last said an account is called, and whether it is verified, where they say so.
-- grain: one row per account whose profile was ever asked for
-- params: none
-- Weibo tells screen_name and verified in users/show, Kuaishou the name in user_info; the others
-- tell no profile to the account's own statistics interface.
with profile as (
    select
        account_id,
        source,
        fetched_at,
        coalesce(
            try(json_extract_string(body, '$.screen_name')),
            try(json_extract_string(body, '$.user_info.name'))
        ) as name,
        try(json_extract_string(body, '$.verified')) as verified
    from raw_payload
    where
        (source = 'weibo_api' and endpoint = 'users/show')
        or (source = 'kuaishou_api' and endpoint = 'user_info')
)

select
    account_id,
    max_by(name, fetched_at) as name,
    max_by(verified, fetched_at) as verified,
    max(fetched_at) as fetched_at
from profile
group by account_id
order by account_id
