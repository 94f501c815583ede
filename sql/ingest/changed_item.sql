-- Which staged items are new, or changed their title, address or day?
-- grain: one row per item and change
-- params: none
-- Reads the temporary table staged_content of the running build.
with version as (
    select
        * exclude (payload_sha256),
        true as is_new
    from staged_content
    where content_id is not null and published_on is not null
    union all by name
    select
        standing_item.*,
        false as is_new
    from standing_item
    semi join staged_content using (account_id, content_id, source, endpoint)
),

described as (
    select
        *,
        hash(title, published_on, published_at, url, content_kind) as description
    from version
),

compared as (
    select
        *,
        lag(description) over (
            partition by account_id, content_id, source, endpoint
            order by fetched_at asc, description asc, is_new asc
        ) as description_before
    from described
)

select * exclude (is_new, description, description_before)
from compared
where is_new and description is distinct from description_before
