"""Cluster mode: the same statements on an attached PostgreSQL, with several processes at once."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta

import duckdb
import pytest

from playbooks.core import audit, ledger, outbox, sweep
from playbooks.core.cases import deadline_changes, store
from playbooks.core.cases.rebuild import FOLDED, differences, rebuild
from playbooks.core.ledger import LedgerContentionError
from playbooks.core.outbox import Attempt, Ending
from sql.catalogs import CatalogBusyError, CatalogTooNewError, open_catalog, write
from tests.support.casework import (
    MONDAY_9,
    ROOT,
    SMALL,
    open_many,
    run_child,
    run_sweep,
    setting_at,
    start_child,
    walk_to_the_end,
)

PLAIN = SMALL.replace("    on_expire: decide\n", "")
DUE = MONDAY_9 + timedelta(hours=5, minutes=30)
OPEN = """
import sys
from sql.catalogs import Catalog, open_catalog
with open_catalog(Catalog("ops", sys.argv[1])) as connection:
    print(connection.sql("select count(*) from migration").fetchone()[0])
"""


def test_a_whole_case_verifies_and_can_be_rebuilt(catalog):
    with write(catalog) as connection:
        case_id = walk_to_the_end(connection)
    with open_catalog(catalog) as connection:
        assert store.read_state(connection, case_id).outcome == "handled"
        assert ledger.verify_catalog(connection, ledger.head(connection)) is None
        assert list(differences(connection, [case_id])) == []
        before = contents(connection)
    with write(catalog) as connection:
        assert rebuild(connection) == ledger.head(connection).position
    with open_catalog(catalog) as connection:
        assert contents(connection) == before


def contents(connection):
    return {t: sorted(connection.sql(f"select * from {t}").fetchall(), key=repr) for t in FOLDED}


def test_sweep_pause_dispatch_and_audit(catalog):
    with write(catalog) as connection:
        first, second = open_many(connection, 2)
        row = deadline_changes.read_deadline(connection, f"{second}/look/1")
        store.change(
            connection,
            second,
            setting_at(MONDAY_9 + timedelta(hours=1)),
            lambda current: deadline_changes.pause(current, row, "awaiting_reporter"),
        )
    with write(catalog) as connection:
        result = run_sweep(connection, DUE, "a")
        assert (result.claimed, result.expired) == (2, 1)
        assert set(store.read_state(connection, first).open_steps) == {"decide"}
    with write(catalog) as connection:
        row = deadline_changes.read_deadline(connection, f"{second}/look/1")
        store.change(connection, second, setting_at(DUE), lambda c: deadline_changes.resume(c, row))
        for message in outbox.take(connection, DUE, 100):
            outbox.settle(connection, message, Attempt(Ending.DELIVERED, "ts"), DUE, "x")
        sweep.beat(connection, "dispatch", DUE, "")
    with open_catalog(catalog) as connection:
        assert audit.audit(connection, DUE).findings == ()
        assert audit.audit(connection, DUE, ledger.head(connection)).findings == ()
        connection.execute("delete from rung where rung_number = 3")
        connection.execute("update case_event set actor = 'x' where position = 2")
        found = {
            finding.check for finding in audit.audit(connection, DUE + timedelta(hours=1)).findings
        }
    assert {"missing_rungs", "broken_ledger", "tables_differ", "silent_parts"} <= found


def test_two_sweepers_and_two_dispatchers_at_once(catalog, tmp_path):
    with write(catalog) as connection:
        case_ids = open_many(connection, 2, text=PLAIN)
    for what in ("sweep", "dispatch"):
        children = [start_child(tmp_path, catalog.location, what, DUE) for _ in range(2)]
        done = [int(child.communicate(timeout=120)[0]) for child in children]
        assert sum(done) == {"sweep": 4, "dispatch": 6}[what]
    with open_catalog(catalog) as connection:
        claims = connection.sql("select deadline_id, rung_number from rung_claim").fetchall()
        assert len(set(claims)) == 4
        assert ledger.verify_catalog(connection) is None
        assert list(differences(connection, case_ids)) == []
    sent = Counter((tmp_path / "channel.txt").read_text(encoding="utf-8").splitlines())
    assert Counter(sent.values()) == {1: 6}


def test_a_sweep_killed_before_its_commit_has_claimed_nothing(catalog, tmp_path):
    with write(catalog) as connection:
        open_many(connection, 2, text=PLAIN)
    run_child(tmp_path, catalog.location, "sweep", DUE, "before_commit")
    assert run_child(tmp_path, catalog.location, "sweep", DUE) == "4"
    with open_catalog(catalog) as connection:
        assert ledger.verify_catalog(connection) is None


def test_four_processes_open_an_empty_database_at_once(catalog):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, catalog.location],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    printed = [child.communicate(timeout=120)[0] for child in children]
    assert len(set(printed)) == 1
    assert [child.returncode for child in children] == [0, 0, 0, 0]


def test_a_second_writer_waits_and_the_sentence_names_the_first(catalog):
    with write(catalog) as first:
        (pid,) = first.execute("from postgres_query('ops', 'select pg_backend_pid()')").fetchone()
        with (
            pytest.raises(CatalogBusyError, match=f"has been held by process {pid} for 0.2 s"),
            write(catalog, wait_limit_s=0.2),
        ):
            pass
        with open_catalog(catalog, wait_limit_s=0.2) as reader:
            assert reader.sql("select count(*) from case_event").fetchone() == (0,)


def test_whoever_takes_no_lock_is_refused_and_can_start_over(catalog):
    with open_catalog(catalog) as first, open_catalog(catalog) as second:
        first.begin()
        second.begin()
        ledger.head(second)
        ledger.append(first, [event("C-1")], MONDAY_9)
        first.commit()
        with pytest.raises(LedgerContentionError):
            ledger.append(second, [event("C-2")], MONDAY_9)
        second.rollback()
        assert ledger.append(second, [event("C-2")], MONDAY_9).position == 2


def event(case_id):
    return ledger.NewEvent(case_id, ledger.EventType.REPORT_JOINED, "x", {})


def test_a_closed_catalog_leaves_no_connection_on_the_server(catalog):
    question = "select count(*) from pg_stat_activity where datname = current_database()"
    with pytest.raises(ZeroDivisionError), open_catalog(catalog):
        raise ZeroDivisionError
    for _ in range(2):
        with open_catalog(catalog) as first, open_catalog(catalog) as second:
            first.begin()
            ledger.head(first)
            ledger.head(second)
    with open_catalog(catalog) as connection:
        asked = f"from postgres_query('ops', '{question}')"
        assert connection.sql(asked).fetchone() == (1,)


def test_a_newer_database_is_refused(catalog):
    with open_catalog(catalog) as connection:
        connection.execute("insert into migration values (9999, now()::timestamp)")
    with pytest.raises(CatalogTooNewError, match="has migration 9999"), open_catalog(catalog):
        pass


def test_a_failing_block_is_rolled_back(catalog):
    statement = "insert into heartbeat values ('a', now()::timestamp, '')"
    with pytest.raises(duckdb.Error), write(catalog) as connection:
        connection.execute(f"{statement}; {statement}")
    with open_catalog(catalog) as connection:
        assert connection.sql("select * from heartbeat").fetchall() == []
