-- Note that a part of the system ran.
-- grain: one row per part
-- params: $name text; $now timestamp, UTC; $detail text
insert into heartbeat (name, beat_at, detail)
values ($name, $now, $detail)
on conflict (name) do update set beat_at = excluded.beat_at, detail = excluded.detail
