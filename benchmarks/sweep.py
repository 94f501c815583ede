"""The sweep at national scale: 100,000 open cases, 1,000,000 armed deadlines, 3,000,000 rungs.

The real engine opens one case of each age; SQL copies it under other numbers, and the hash chain is
computed over the copies, so that ledger and tables agree as they do in life. Three sweeps follow one
another on the file: reminders, expiries (half of them take their ``on_expire`` way), overdue rungs.
The reference is the least a sweep can do: one scan of the same table for what is due.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import duckdb
import polars as pl

import sql
from benchmarks import Result, best_time_s
from playbooks.core import audit, ledger, sweep
from playbooks.core.calendar import load_calendar
from playbooks.core.cases import store
from playbooks.core.messages import Recipient
from playbooks.core.playbook import parse_playbook
from sql.catalogs import Catalog, memory, open_catalog, write

CASE_COUNT = 100_000
RIPE_COUNT = 500  # two of their ten deadlines come due together: 1,000 rungs at a time
QUIET_STEPS = 8
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
AFTERNOON = MORNING + timedelta(hours=5)
SWEEPS = {
    "1,000 reminders": MORNING + timedelta(hours=5, minutes=1),
    "1,000 expiries, 500 go their on_expire way": MORNING + timedelta(hours=5, minutes=31),
    "500 overdue rungs": MORNING + timedelta(hours=7, minutes=31),
}
DUTY = {"handler": Recipient("P-1", "经办"), "reviewer": Recipient("P-2", "审核")}
TABLES = ("case_summary", "case_step", "deadline", "rung")
BATCH = 200_000


def run() -> list[Result]:
    """Build the catalog in a temporary folder and measure three sweeps and the audit."""
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog("ops", str(Path(folder) / "ops.duckdb"))
        build(catalog)
        return [*_sweeps(catalog), *_audits(catalog)]


def build(catalog: Catalog) -> None:
    """Fill *catalog* with the cases, opened in the morning (ripe) and in the afternoon."""
    with _template(MORNING) as ripe, _template(AFTERNOON) as fresh, open_catalog(catalog) as into:
        sql.append(into, "playbook_version", ripe.sql("select * from playbook_version").pl())
        _copy(into, ripe, range(1, RIPE_COUNT + 1))
        _copy(into, fresh, range(RIPE_COUNT + 1, CASE_COUNT + 1))
        for part in ("sweep", "dispatch"):
            sweep.beat(into, part, AFTERNOON, "benchmark")


@contextmanager
def _template(opened_at: datetime) -> Generator[duckdb.DuckDBPyConnection]:
    text = json.dumps(_playbook(), indent=1)  # JSON is YAML, and has no aliases
    inputs = {"title": "BENCHMARK"}
    with memory("ops") as connection:
        setting = store.Setting(opened_at, load_calendar(None), DUTY, "person:P-1")
        store.open_case(connection, parse_playbook(text, "benchmark"), text, inputs, None, setting)
        # Messages that went out long ago are left out of ledger and outbox alike.
        connection.execute("delete from case_event where event_type = 'message_queued'")
        yield connection


def _playbook() -> dict[str, object]:
    internal = {"kind": "internal", "basis": {"text": "benchmark"}}
    ladder = [
        {"at": "75%", "to": "handler"},
        {"at": "100%", "to": "reviewer"},
        {"at": "+2 working_hours", "to": "reviewer"},
    ]
    hours = {"budget": 4, "unit": "working_hours", **internal}
    days = {"budget": 20, "unit": "working_days", **internal}
    names = ["plain", "expiring", *(f"quiet_{n}" for n in range(1, QUIET_STEPS + 1))]
    form = [{"name": "done", "title": "done", "type": "text"}]
    common = {"type": "ask", "owner": "handler", "form": form, "escalate": ladder, "next": "join"}
    asks = [
        {"id": n, "title": n, "due": hours if n in ("plain", "expiring") else days, **common}
        for n in names
    ]
    asks[1]["on_expire"] = "decide"
    return {
        "id": "benchmark",
        "version": 1,
        "title": "benchmark",
        "case_prefix": "BEN",
        "basis": [{"text": "benchmark"}],
        "inputs": [{"name": "title", "title": "title", "type": "text"}],
        "roles": {name: {"title": name, "roster": name} for name in ("handler", "reviewer")},
        "dedupe": {"key": ["title"]},
        "start": "all",
        "outcomes": {"done": "done"},
        "steps": [
            {"id": "all", "type": "parallel", "title": "all", "branches": names, "next": "end"},
            *asks,
            {"id": "decide", "title": "decide", "due": days, **common},
            {"id": "end", "type": "end", "title": "end", "outcome": "done"},
        ],
    }


def _copy(
    into: duckdb.DuckDBPyConnection, template: duckdb.DuckDBPyConnection, numbers: range
) -> None:
    """Copy the template's one case under each of *numbers*, ledger included."""
    into.register("copies", pl.DataFrame({"number": list(numbers)}))
    for table in (*TABLES, "case_event"):
        frame = template.sql(f"select * from {table}").pl()
        into.register("original", frame)
        columns = ", ".join(
            f"replace({c}, 'BEN-2026-0001', format('BEN-2026-{{:06d}}', number)) as {c}"
            if kind == pl.String
            else c
            for c, kind in frame.schema.items()
        )
        copied = f"select number, {columns} from original cross join copies"
        if table == "case_event":
            _chain(into, into.sql(f"{copied} order by number, position").pl())
        else:
            into.execute(f"insert into {table} select * exclude number from ({copied})")
    into.unregister("original")
    into.unregister("copies")


def _chain(into: duckdb.DuckDBPyConnection, events: pl.DataFrame) -> None:
    columns = ["position", "previous_hash", "entry_hash"]
    latest = ledger.head(into)
    entries = events.drop("number", *columns)
    entries = entries.with_columns(pl.col("occurred_at").dt.replace_time_zone("UTC"))
    for batch in entries.iter_slices(BATCH):
        sealed: list[tuple[int, str, str]] = []
        names = batch.columns
        for values in batch.iter_rows():
            position, previous = latest.position + 1, latest.entry_hash
            entry = dict(zip(names, values, strict=True))
            entry |= {"position": position, "previous_hash": previous}
            latest = ledger.Head(position, ledger.entry_hash(entry))
            sealed.append((position, previous, latest.entry_hash))
        chained = pl.DataFrame(sealed, schema=columns, orient="row")
        sql.append(into, "case_event", batch.hstack(chained.get_columns()))


def _sweeps(catalog: Catalog) -> list[Result]:
    results: list[Result] = []
    for what, now in SWEEPS.items():
        with open_catalog(catalog) as connection:
            scan_s = best_time_s(lambda now=now: _scan(connection, now))
        began = perf_counter()
        with write(catalog) as connection:
            setting = store.Setting(now, load_calendar(None), DUTY, "system:sweep")
            done = sweep.sweep(connection, setting, uuid.uuid4().hex)
        took_s = perf_counter() - began
        name = f"sweep: {what} of {CASE_COUNT:,} cases ({done.claimed:,} claimed), open to close"
        reference = "one scan of the rungs for what is due"
        results.append(Result(name, took_s, reference, scan_s, target="at most 2 s"))
    return results


def _scan(connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
    due = "select * from rung where status = 'armed' and due_at <= ?"
    connection.execute(due, [now.replace(tzinfo=None)]).fetchall()


def _audits(catalog: Catalog) -> list[Result]:
    now = max(SWEEPS.values()) + timedelta(minutes=1)
    with open_catalog(catalog) as connection:
        noted = ledger.head(connection)
        began = perf_counter()
        audit.audit(connection, now, noted)
        quick_s = perf_counter() - began
        began = perf_counter()
        ledger.verify_catalog(connection, noted)
        full_s = perf_counter() - began
    name = f"audit of {CASE_COUNT:,} cases, from the head noted last"
    return [Result(name, quick_s, f"verify all {noted.position:,} entries", full_s)]


if __name__ == "__main__":
    for result in run():
        print(result)
