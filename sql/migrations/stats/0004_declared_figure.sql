-- grain: one row per figure that an office's own declaration names (<home>/sources/*.yml).
-- A copy, written before each build, so that SQL can read what only the declaration knows.
-- Paths are JSON paths: rows_path within the reply, day_path and value_path within a row; no
-- day_path where the figure is that of the moment of asking. factor turns the source's unit into
-- ours.
create table declared_figure (
    source text not null,
    endpoint text not null,
    rows_path text not null,
    day_path text,
    value_path text not null,
    metric text not null,
    semantics text not null,
    factor double not null
);
