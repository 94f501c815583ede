"""A source is added as docs/sources.md says: the five files of the example laid over a copy, one name listed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest
import yaml

import sql
from connectors.simulation.faults import Fault
from sql.catalogs import write

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "new_source"
PACKAGES = ("connectors", "flows", "playbooks", "sql")
NOW = "2026-11-19T10:30:00+08:00"
ACCOUNT = "A0043"


@pytest.fixture
def copy(tmp_path):
    """The packages as they are, with the five files in their places."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / "copy" / package)
    shutil.copytree(EXAMPLE, tmp_path / "copy", dirs_exist_ok=True)
    listed = tmp_path / "copy" / "connectors" / "sources.py"
    text = listed.read_text(encoding="utf-8")
    assert '"kuaishou")' in text
    listed.write_text(text.replace('"kuaishou")', '"kuaishou", "signed_app")'), encoding="utf-8")
    return tmp_path / "copy"


@pytest.fixture
def fake():
    """The example's own fake, loaded from where it lies."""
    path = EXAMPLE / "connectors" / "simulation" / "signed_app_server.py"
    spec = util.spec_from_file_location("signed_app_server_of_the_example", path)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.SignedAppServer() as server:
        yield server


SEVERAL = """
import sys
from flows.command.main import main
for words in sys.argv[1:]:
    main([*words.split(), "--json"])
"""


def test_five_files_and_a_name_make_a_source(copy, fake, registered, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(registered, home)
    # Three pages the first night, one the second; then the trial meets an empty quota.
    fake.faults.replace([Fault("string_numbers"), Fault("quota", after=4)])
    commands = [
        *("sources", "refresh", "refresh"),
        *(f"trace reads 2026-11-18 --account {ACCOUNT}", "try-source signed_app_api"),
    ]
    ran = subprocess.run(
        [sys.executable, "-c", SEVERAL, *commands],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), **office(home, fake)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    listed, night, again, traced, tried = documents(ran.stdout)
    (described,) = [one for one in listed["sources"] if one["source"] == "signed_app_api"]
    assert (described["accounts"], described["needs"]) == ([ACCOUNT], ["app", "app_secret"])
    assert (night["sources"]["signed_app_api"], night["outcomes"]) == (1, {"value": 3})
    assert night["built"]["observation_count"] == 28  # fourteen days, two figures each
    assert (again["outcomes"], again["built"]["observation_count"]) == ({"value": 1}, 0)
    assert (traced["value"], traced["words"][0]["source"]) == (18.0, "signed_app_api")
    assert [one["status"] for one in tried["outcomes"]] == ["quota_exhausted"]


def test_the_fixture_of_the_example_holds(stats):
    (case,) = EXAMPLE.glob("tests/sql/staging/*/*/expect.yaml")
    given = yaml.safe_load((case.parent / "given.yaml").read_text(encoding="utf-8"))
    sql.insert(stats, "raw_payload", given["raw_payload"])
    text = (EXAMPLE / "sql" / "staging" / f"{case.parent.parent.name}.sql").read_text("utf-8")
    cursor = stats.execute(f"select * replace (fetched_at::text as fetched_at) from ({text})")
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    expected = yaml.safe_load(case.read_text(encoding="utf-8"))
    for row in expected:
        row["fetched_at"] = row["fetched_at"].strftime("%Y-%m-%d %H:%M:%S")
    assert found == expected


def documents(text):
    """Yield the JSON documents that stand one after the other in *text*."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at)
        yield document
        at += len(text[at:]) - len(text[at:].lstrip())


def office(home, fake):
    """Put the account into the register and write its credentials; return the variables."""
    from flows.settings import read_settings

    settings = read_settings({"JUZHEN_HOME": str(home)})
    with write(settings.ops) as connection:
        connection.execute(
            "insert into account by name select * replace (? as account_id, 'own_app' as platform)"
            " from account where account_id = 'A0010'",
            [ACCOUNT],
        )
    path = home / "credentials.yml"
    secret = {"app": "yunshan", "app_secret": "simulated-app-secret"}
    path.write_text(yaml.safe_dump({"signed_app_api": {ACCOUNT: secret}}), encoding="utf-8")
    path.chmod(0o600)
    return {
        "JUZHEN_HOME": str(home),
        "JUZHEN_NOW": NOW,
        "JUZHEN_CREDENTIALS": str(path),
        "JUZHEN_SIGNED_APP_API": fake.base_url,
    }
