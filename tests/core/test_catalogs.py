"""One process has the file at a time; a second waits, then says who holds it; a newer file is left alone."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from sql import attached, catalogs
from sql.catalogs import Catalog, CatalogBusyError, CatalogTooNewError, open_catalog, write

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def catalog(tmp_path):
    found = Catalog("ops", str(tmp_path / "a lock in its name" / "ops.duckdb"))
    with open_catalog(found):
        return found


@pytest.fixture
def holder(catalog):
    """Hold the file in another process; end it on the way out at the latest."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, catalog.location],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.wait(timeout=30)
    child.stdin.close()
    child.stdout.close()


def test_a_second_process_waits_up_to_the_limit_and_names_the_holder(catalog, holder):
    sentence = f"the ops catalog .*ops.duckdb has been held by process {holder.pid} for 0.2 s"
    with (
        pytest.raises(CatalogBusyError, match=sentence),
        open_catalog(catalog, wait_limit_s=0.2),
    ):
        pass


def test_it_goes_on_as_soon_as_the_holder_lets_go(catalog, holder):
    threading.Timer(0.3, holder.stdin.close).start()
    with write(catalog, wait_limit_s=30) as connection:
        assert connection.sql("select count(*) from case_event").fetchone() == (0,)


def test_a_killed_holder_frees_the_file(catalog, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(timeout=30)
    with open_catalog(catalog, wait_limit_s=5) as connection:
        assert connection.sql("select count(*) from case_event").fetchone() == (0,)


def test_another_fault_of_the_file_is_no_reason_to_wait(tmp_path):
    path = tmp_path / "lock" / "ops.duckdb"
    path.mkdir(parents=True)
    with pytest.raises(duckdb.IOException), open_catalog(Catalog("ops", str(path))):
        pass


def test_a_file_of_a_newer_version_is_refused_and_unchanged(catalog):
    with duckdb.connect(catalog.location) as connection:
        connection.execute("insert into migration values (9999, now()::timestamp)")
    before = digest(catalog)
    with (
        pytest.raises(
            CatalogTooNewError, match="has migration 9999, but this juzhen only knows up to"
        ),
        write(catalog),
    ):
        pass
    assert digest(catalog) == before


def digest(catalog):
    return hashlib.sha256(Path(catalog.location).read_bytes()).hexdigest()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    broken = {1: ["create table a (b integer)", "create table c (d nonsense_type)"]}
    monkeypatch.setattr(catalogs, "_migrations", lambda name: broken)
    location = str(tmp_path / "ops.duckdb")
    with pytest.raises(duckdb.Error), open_catalog(Catalog("ops", location)):
        pass
    with duckdb.connect(location) as connection:
        assert connection.sql("show tables").fetchall() == [("migration",)]
        assert connection.sql("select * from migration").fetchall() == []


def test_a_failing_block_is_rolled_back(catalog):
    statement = "insert into heartbeat values ('a', now()::timestamp, '')"
    with pytest.raises(duckdb.ConstraintException), write(catalog) as connection:
        connection.execute(f"{statement}; {statement}")
    with open_catalog(catalog) as connection:
        assert connection.sql("select * from heartbeat").fetchall() == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "host=db user=juzhen password=geheim dbname=ops",
            "host=db user=juzhen password=*** dbname=ops",
        ),
        ("host=db PASSWORD = 'two words' dbname=ops", "host=db password=*** dbname=ops"),
        ("postgresql://juzhen:geheim@db:5432/ops", "postgresql://juzhen:***@db:5432/ops"),
        ("the file /data/ops.duckdb", "the file /data/ops.duckdb"),
    ],
)
def test_passwords_are_blotted_out_of_whatever_is_said(text, shown):
    assert attached.without_secrets(text) == shown


def test_an_address_with_a_password_is_in_neither_error_nor_repr(tmp_path):
    location = f"postgres:host={tmp_path} user=juzhen password=geheim dbname=ops"
    catalog = Catalog("ops", location)
    assert "geheim" not in repr(catalog)
    with pytest.raises(duckdb.IOException) as fault, open_catalog(catalog, wait_limit_s=0.1):
        pass
    assert "geheim" not in str(fault.value)
    assert "password=***" in str(fault.value)


def test_two_blocks_of_one_process_share_the_file_and_the_last_one_frees_it(catalog):
    statement = "insert into heartbeat values ('a', now()::timestamp, '')"
    with open_catalog(catalog) as outer:
        with write(catalog) as inner:
            inner.execute(statement)
        assert outer.sql("select name from heartbeat").fetchall() == [("a",)]
        assert taken_by_another(catalog) != 0
    assert taken_by_another(catalog) == 0


def taken_by_another(catalog):
    command = [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1])"]
    done = subprocess.run([*command, catalog.location], stderr=subprocess.DEVNULL, check=False)
    return done.returncode


def test_threads_open_the_file_at_once_and_every_write_stays(catalog):
    def beat(number):
        with write(catalog) as connection:
            statement = "insert into heartbeat values (?, now()::timestamp, '')"
            connection.execute(statement, [f"part {number}"])

    threads = [threading.Thread(target=beat, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_catalog(catalog) as connection:
        assert connection.sql("select count(*) from heartbeat").fetchone() == (8,)
    assert taken_by_another(catalog) == 0


def test_what_is_left_open_is_rolled_back_when_the_block_ends(catalog):
    with open_catalog(catalog) as connection:
        connection.begin()
        connection.execute("insert into heartbeat values ('a', now()::timestamp, '')")
    with open_catalog(catalog) as connection:
        assert connection.sql("select * from heartbeat").fetchall() == []
