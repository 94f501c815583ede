-- Who of the accounts that were told to publish has done so, by the posts that came in since?
-- grain: one row per row of told_account (registered: account_id text, wording text, issued_at
-- timestamp, UTC)
-- published: a post since then has the wording in its title. other: posts since then, none with it.
-- silent: its posts were asked for since then and there is none. unknown: nobody could look, which
-- is no silence; or of a post only the first 60 characters are taken in as its title and the
-- wording is not among them: it may stand further down, so a person looks. Where a platform gives
-- only the day, a post of the day of issue counts for what its title shows, never as something
-- else. Export files show what is there, not what is missing.
with told as (
    select
        *,
        cast(issued_at + interval 8 hour as date) as issued_on,
        lower(regexp_replace(wording, '\s', '', 'g')) as wanted
    from told_account
),

listing as (
    select distinct
        source,
        endpoint
    from content_item
    where ends_with(source, '_api')
),

looked as (
    select
        told.account_id,
        max(fetch_outcome.asked_at) as looked_at
    from told
    inner join fetch_outcome on told.account_id = fetch_outcome.account_id
    inner join listing
        on
            fetch_outcome.source = listing.source
            and fetch_outcome.endpoint = listing.endpoint
    where
        fetch_outcome.status in ('value', 'absent')
        and fetch_outcome.asked_at >= told.issued_at
        and coalesce(
            fetch_outcome.ref_end_on, cast(fetch_outcome.asked_at + interval 8 hour as date)
        ) >= told.issued_on
    group by told.account_id
),

post as (
    select
        told.account_id,
        item.title,
        item.url,
        item.published_on,
        item.published_at,
        item.content_id,
        contains(lower(regexp_replace(coalesce(item.title, ''), '\s', '', 'g')), told.wanted)
            as is_wanted,
        ends_with(item.source, '_api') and length(item.title) = 60 as is_cut,
        coalesce(item.published_at >= told.issued_at, item.published_on > told.issued_on)
            as is_since
    from told
    inner join standing_item as item on told.account_id = item.account_id
    where
        coalesce(item.published_at >= told.issued_at, item.published_on >= told.issued_on)
),

ranked as (
    select
        *,
        row_number() over (
            partition by account_id
            order by is_wanted desc, is_cut desc, published_on asc, published_at asc, content_id asc
        ) as place
    from post
    where is_wanted or is_since
)

select
    told.account_id,
    case
        when ranked.is_wanted then 'published'
        when ranked.is_cut then 'unknown'
        when ranked.account_id is not null then 'other'
        when looked.looked_at is not null then 'silent'
        else 'unknown'
    end as status,
    ranked.title,
    ranked.url,
    ranked.published_on,
    ranked.published_at,
    looked.looked_at
from told
left join ranked on told.account_id = ranked.account_id and ranked.place = 1
left join looked on told.account_id = looked.account_id
order by told.account_id
