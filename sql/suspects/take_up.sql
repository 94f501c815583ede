-- Take up what a suspect shows now; one whose status is 'held' gets its turn before a person anew.
-- params: $number integer, $now instant, and what it shows; $note says what changed
update suspect
set
    platform_account_id = $platform_account_id,
    display_name = $display_name,
    handle = $handle,
    bio = $bio,
    url = $url,
    certified_subject = $certified_subject,
    avatar = $avatar,
    official_account_id = $official_account_id,
    score = $score,
    reasons = $reasons,
    place = $place,
    status = $status,
    note = $note,
    case_id = $case_id,
    last_seen_at = $now,
    raised_at = case when $status = 'held' then null else raised_at end,
    told_at = case when $status = 'held' then null else told_at end
where number = $number
