"""The command as such: settings, clocks, a busy catalog, and what it prints where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.operations import packets
from sql import catalogs
from tests.flows.steps import open_one

HOLDER = """
import duckdb, sys, time
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""
SCRIPT = Path(sys.executable).with_name("juzhen")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a busy catalog a tenth of a second instead of half a minute."""
    for function in (catalogs.open_catalog, catalogs.write):
        plain = function.__wrapped__  # type: ignore[attr-defined]
        monkeypatch.setitem(plain.__kwdefaults__, "wait_limit_s", 0.1)


@pytest.fixture
def held(desk):
    """Another process that has the ops catalog open."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(desk.home / "ops.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    yield holder
    assert holder.stdin
    holder.stdin.close()
    holder.wait(10)


@pytest.mark.parametrize("arguments", [("cases",), ("sweep",), ("dispatch",), ("verify",)])
def test_a_busy_catalog_names_the_process_that_holds_it(desk, held, impatient, arguments):
    ran = desk.ask(*arguments)
    assert ran.code == 1
    assert str(held.pid) in ran.json["error"]
    assert "ops" in ran.err


def test_an_export_waits_for_nobody_on_the_other_catalog(desk, held, impatient):
    assert desk.ask("health").code == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2026-11-23T09:00", "+08:00"),
        ("2026-11-23", "+08:00"),
        ("tomorrow", "不是时刻"),
        ("0001-01-01T00:00+08:00", "不是时刻"),
        ("9999-12-31T00:00+08:00", "2199"),
    ],
)
def test_a_fixed_time_without_its_zone_or_sense_is_refused(desk, text, word):
    desk.monkeypatch.setenv("JUZHEN_NOW", text)
    for arguments in (("cases",), ("template", "x.xlsx"), ("audit",)):
        ran = desk.ask(*arguments)
        assert ran.code == 1
        assert word in ran.json["error"]
    assert not Path("x.xlsx").exists()


def test_a_fixed_time_is_always_said(desk):
    assert "JUZHEN_NOW" in desk.run("cases").err


def test_files_that_are_no_catalog_or_out_of_reach_are_a_sentence(desk, tmp_path):
    (desk.home / "ops.duckdb").write_bytes(b"not a database at all" * 100)
    broken = desk.ask("cases")
    assert broken.code == 1
    assert "ops.duckdb" in broken.json["error"]
    blocked = tmp_path / "a file"
    blocked.write_text("x")
    desk.monkeypatch.setenv("JUZHEN_HOME", str(blocked / "home"))
    assert desk.ask("cases").code == 1


def test_a_catalog_of_a_newer_version_is_left_alone(desk):
    desk.rows("insert into migration values (9999, now()::timestamp)")
    ran = desk.ask("cases")
    assert (ran.code, "9999" in ran.json["error"]) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("due", "--from", "2026-11-23T09:00", "--budget", "x", "--unit", "working_hours"),
        ("due", "--from", "2026-11-23T09:00", "--budget", "-1", "--unit", "working_hours"),
        ("due", "--from", "2026-11-23T09:00", "--budget", "1/0", "--unit", "working_days"),
        ("due", "--from", "never", "--budget", "1", "--unit", "working_days"),
        ("due", "--from", "9999-12-31", "--budget", "9", "--unit", "calendar_days"),
        ("due", "--from", "0001-01-01", "--budget", "1", "--unit", "wall_hours"),
        ("due", "--from", "2026-11-23", "--budget", "999999999", "--unit", "months"),
        ("refresh", "--date", "yesterday"),
        ("refresh", "--date", "9999-12-31"),
        ("refresh", "--date", "0001-01-01"),
        ("backfill", "--from", "2026-01-01", "--to", "x"),
        ("backfill", "--from", "2026-01-02", "--to", "2026-01-01"),
        ("backfill", "--from", "2026-01-01", "--to", "2026-01-02", "--endpoint", "getnothing"),
        ("stale", "--date", "2026-13-01"),
        ("packet", "2026Q9"),
        ("packet", "../../etc"),
        ("packet", "2030Q1"),
        ("packet", "2026Q3", "--unit", "U9999"),
        ("packet", "2026Q3", "--out", "/proc/no/such"),
        ("verify", "--head", "nonsense"),
        ("simulate", "--now", "2026-11-20T09:00"),
        ("demo", "--out", "/etc"),
        ("import", "no.xlsx", "--change-form", "no equals"),
    ],
    ids=" ".join,
)
def test_every_mistake_is_one_sentence_and_status_one(desk, arguments):
    ran = desk.ask(*arguments)
    assert ran.code == 1
    assert ran.json["error"]
    assert ran.err.count("未完成") == 1


def test_a_demo_never_empties_a_folder_that_is_not_its_own(desk, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    assert desk.run("demo", "--out", mine).code == 1
    assert (mine / "thesis.docx").read_text() == "years of work"


def test_each_day_of_a_deadline_is_explained(desk):
    ran = desk.ask("due", "--from", "2026-09-30", "--budget", "1", "--unit", "working_days")
    assert ran.json["due"].startswith("2026-10-08")
    assert ran.json["provisional"] is False
    assert {day["date"] for day in ran.json["skipped"]} >= {"2026-10-01", "2026-10-07"}
    assert (
        "计入"
        in desk.run("due", "--from", "2026-09-30", "--budget", "1", "--unit", "working_days").out
    )


def test_an_empty_installation_answers_every_question(empty_desk):
    for arguments in (
        *(("cases",), ("draft",), ("sweep",), ("dispatch",), ("audit",), ("verify",)),
        *(("findings",), ("health",), ("stale",), ("messages",), ("rebuild",)),
    ):
        ran = empty_desk.ask(*arguments)
        assert (ran.code, "error" in ran.json) == (0, False), arguments


def test_the_packet_of_a_period_without_statistics_says_so_in_files(desk, tmp_path):
    ran = desk.ask("packet", "2026Q3", "--out", tmp_path / "packet")
    assert ran.code == 0, ran.err
    assert {Path(path).name for path in ran.json["files"]} >= {"report.docx", "figures.xlsx"}
    assert desk.ask("verify").json["entries"] == 1
    assert packets.PacketMade


def test_the_installed_script_keeps_standard_output_for_the_result(desk):
    open_one(desk)
    environment = {**os.environ, "JUZHEN_HOME": str(desk.home)}
    shown = subprocess.run(
        [SCRIPT, "cases", "--json"], capture_output=True, text=True, env=environment, check=True
    )
    assert len(json.loads(shown.stdout)["open_steps"]) == 1
    assert "JUZHEN_NOW" in shown.stderr
    wrong = subprocess.run(
        [SCRIPT, "case", "IMP-1", "--json"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert wrong.returncode == 1
    assert "IMP-1" in json.loads(wrong.stdout)["error"]
    assert "Traceback" not in wrong.stderr
    # A reader that is gone before anything is written: one that reads a line first is a race.
    pipe = f"'{SCRIPT}' playbooks diagram | true; echo ${{PIPESTATUS[0]}}"
    cut = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, env=environment, check=True
    )
    assert (cut.stdout.splitlines()[-1], "Broken pipe" in cut.stderr) == ("141", False)
    usage = subprocess.run([SCRIPT, "nonsense"], capture_output=True, text=True, check=False)
    assert usage.returncode == 2


def test_asking_for_help_loads_neither_polars_nor_prefect():
    code = "import sys, flows.command; print(*{'polars', 'prefect', 'duckdb'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "polars" not in shown.stdout
    assert "prefect" not in shown.stdout
