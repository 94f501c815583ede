"""The chain: whatever is changed, removed or moved is found and named."""

import threading
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sql
from playbooks.core import ledger
from playbooks.core.ledger import Breach, EventType, Head, LedgerContentionError, NewEvent
from sql.catalogs import Catalog, memory, migrate
from tests.support.casework import walk_to_the_end

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
COLUMNS = [
    "position",
    "case_id",
    "event_type",
    "reference",
    "actor",
    "occurred_at",
    "payload",
    "previous_hash",
    "entry_hash",
]


def events(count, case_id="C-1"):
    return [
        NewEvent(case_id, EventType.STEP_STARTED, "person:P-1", {"n": n, "名": "值"}, f"step_{n}")
        for n in range(1, count + 1)
    ]


def chain(count=6):
    with memory("ops") as connection:
        ledger.append(connection, events(count), NOON)
        return sql.rows(connection, "ledger/between", first=1, last=100)


CHAIN = chain()
HEAD = Head(6, str(CHAIN[-1]["entry_hash"]))


def test_the_seal_is_a_fixed_function_of_the_entry():
    entry = {
        "position": 1,
        "case_id": "C-1",
        "event_type": "case_opened",
        "reference": "",
        "actor": "person:P-1",
        "occurred_at": NOON,
        "payload": '{"a":1}',
        "previous_hash": ledger.GENESIS_HASH,
    }
    # printf '[1,"C-1","case_opened","","person:P-1","2026-01-05T04:00:00.000000+00:00",
    #          "{\\"a\\":1}","000…"]' | sha256sum, on one line
    assert ledger.entry_hash(entry) == SEAL


SEAL = "ea46a413a4caf91574bcda8e4f06c9c6b555a602e5afa29782b9aba3413a4b74"


def test_a_whole_chain_verifies_against_its_head():
    assert ledger.verify(CHAIN) is None
    assert ledger.verify(CHAIN, HEAD) is None
    assert ledger.verify([], Head(0, ledger.GENESIS_HASH)) is None


@given(st.integers(0, 5), st.sampled_from(COLUMNS), st.integers(0, 10_000), st.data())
def test_one_change_in_any_column_of_any_entry_is_named(index, column, place, data):
    entries = [dict(entry) for entry in CHAIN]
    entries[index][column] = changed(entries[index][column], place, data)
    breach = ledger.verify(entries)
    assert breach is not None
    assert breach.position == index + 1


def changed(value, place, data):
    if isinstance(value, int):
        return value + data.draw(st.integers(-9, 9).filter(bool))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=data.draw(st.integers(1, 10**12)))
    if not value:
        return data.draw(st.characters(exclude_categories=["Cs"]))
    at = place % len(value)
    other = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda c: c != value[at]))
    return value[:at] + other + value[at + 1 :]


@pytest.mark.parametrize("index", range(5))
def test_removal_in_the_middle_is_named(index):
    entries = [*CHAIN[:index], *CHAIN[index + 1 :]]
    assert ledger.verify(entries) == Breach(
        index + 1, f"entry {index + 1} is missing; {index + 2} stands there"
    )


@pytest.mark.parametrize("index", range(5))
def test_reordered_entries_are_named(index):
    """Two entries change places and take each other's number."""
    entries = [dict(entry) for entry in CHAIN]
    entries[index], entries[index + 1] = entries[index + 1], entries[index]
    for place in (index, index + 1):
        entries[place]["position"] = place + 1
    breach = ledger.verify(entries)
    assert breach is not None
    assert breach.position == index + 1


@pytest.mark.parametrize("kept", range(6))
def test_truncation_shows_against_a_head_noted_elsewhere(kept):
    assert ledger.verify(CHAIN[:kept]) is None
    assert ledger.verify(CHAIN[:kept], HEAD) == Breach(
        kept + 1, f"entries after {kept} are gone; 6 is noted"
    )


def test_a_ledger_written_anew_shows_against_a_head_noted_elsewhere():
    with memory("ops") as connection:
        ledger.append(connection, events(6, "C-2"), NOON)
        assert ledger.verify_catalog(connection) is None
        assert ledger.verify_catalog(connection, HEAD) == Breach(
            6, "entry 6 differs from the head noted elsewhere"
        )


@pytest.mark.parametrize(
    ("statement", "breach"),
    [
        (
            "update case_event set payload = replace(payload, '\"n\":3', '\"n\":4') where position = 3",
            Breach(3, "entry 3 (step_started) was changed"),
        ),
        (
            "delete from case_event where position = 4",
            Breach(4, "entry 4 is missing; 5 stands there"),
        ),
        (
            "insert into case_event select 0, * exclude position from case_event where position = 1",
            Breach(1, "entry 1 is missing; 0 stands there"),
        ),
        (
            "insert into case_event select 7, * exclude position from case_event where position = 6",
            Breach(7, "entry 7 does not follow entry 6"),
        ),
    ],
)
def test_a_change_in_the_catalog_is_found(ops, statement, breach):
    ledger.append(ops, events(6), NOON)
    ops.execute(statement)
    assert ledger.verify_catalog(ops) == breach


def test_a_part_is_verified_by_itself(ops):
    ledger.append(ops, events(6), NOON)
    head = ledger.head(ops)
    ops.execute("update case_event set actor = 'person:P-2' where position = 2")
    assert ledger.verify_part(ops, 3, expected=head) is None
    assert ledger.verify_part(ops, 1, 1) is None
    assert ledger.verify_part(ops, 2, 4) == Breach(2, "entry 2 (step_started) was changed")
    assert ledger.verify_part(ops, 9) == Breach(8, "entry 8 is missing")
    ops.execute("delete from case_event where position = 6")
    assert ledger.verify_part(ops, 5, expected=head) == Breach(
        6, "entries after 5 are gone; 6 is noted"
    )


def test_every_batch_is_read(ops, monkeypatch):
    monkeypatch.setattr(ledger, "BATCH", 2)
    ledger.append(ops, events(5), NOON)
    assert ledger.verify_catalog(ops, ledger.head(ops)) is None
    assert [len(batch) for batch in ledger.read_all(ops)] == [2, 2, 1]
    ops.execute("update case_event set actor = '' where position = 5")
    assert ledger.verify_catalog(ops) == Breach(5, "entry 5 (step_started) was changed")


def test_a_whole_case_verifies(ops):
    walk_to_the_end(ops)
    assert ledger.verify_catalog(ops, ledger.head(ops)) is None


def test_the_second_of_two_writers_is_refused_and_succeeds_when_it_starts_over(tmp_path):
    first = duckdb.connect(str(tmp_path / "ops.duckdb"))
    migrate(first, "ops")
    second = first.cursor()
    first.begin()
    second.begin()
    assert ledger.head(second) == Head(0, ledger.GENESIS_HASH)
    ledger.append(first, events(1), NOON)
    first.commit()
    with pytest.raises(LedgerContentionError, match="another writer"):
        ledger.append(second, events(1, "C-2"), NOON)
    second.rollback()
    second.begin()
    assert ledger.append(second, events(1, "C-2"), NOON).position == 2
    second.commit()
    assert ledger.verify_catalog(first) is None


def test_many_writers_that_start_over_leave_one_whole_chain(tmp_path):
    root = duckdb.connect(Catalog("ops", str(tmp_path / "ops.duckdb")).location)
    migrate(root, "ops")

    def write(connection, case_id):
        written = 0
        for _ in range(1_000):
            try:
                with sql.transaction(connection):
                    ledger.append(connection, events(1, case_id), NOON)
                written += 1
            except (LedgerContentionError, duckdb.TransactionException):
                continue
            if written == 10:
                return

    threads = [threading.Thread(target=write, args=(root.cursor(), f"C-{n}")) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert ledger.head(root).position == 30
    assert ledger.verify_catalog(root) is None
    assert {c: len(e) for c, e in ledger.read_cases(root, ["C-0", "C-1", "C-2"]).items()} == {
        "C-0": 10,
        "C-1": 10,
        "C-2": 10,
    }
