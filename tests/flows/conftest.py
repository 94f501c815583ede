"""An installation in a temporary folder, and the ``juzhen`` command run inside this process."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.simulation.district import District, build_district
from connectors.simulation.slack_server import SlackServer
from connectors.simulation.wechat_server import WechatServer
from flows.command import main
from flows.operations import imports
from flows.settings import Settings, read_settings
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog
from tests.flows.steps import open_one

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
REGISTER = EXAMPLES / "register" / "云杉新区政务新媒体台账.xlsx"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE_ZONE)


@dataclass(frozen=True)
class Ran:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        """The one JSON object on standard output; anything beside it is an error of the test."""
        return json.loads(self.out)


@dataclass
class Desk:
    """One installation, its clock, and somebody typing commands."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    people: dict[str, str]
    now: datetime = field(default=MONDAY)
    is_held: bool = False

    def set_now(self, now: datetime) -> None:
        """Fix the clock."""
        self.now = now
        self.monkeypatch.setenv("JUZHEN_NOW", now.isoformat())

    def later(self, **length: float) -> None:
        """Move the clock on."""
        self.set_now(self.now + timedelta(**length))

    def run(self, *arguments: object) -> Ran:
        """Run ``juzhen`` with *arguments*; a traceback fails the test by itself."""
        self.capsys.readouterr()
        code = main([str(one) for one in arguments])
        captured = self.capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def ask(self, *arguments: object) -> Ran:
        """Run a command with ``--json`` and hold it to its promise."""
        ran = self.run(*arguments, "--json")
        assert isinstance(ran.json, dict)
        return ran

    @property
    def settings(self) -> Settings:
        """The settings that the environment describes."""
        return read_settings(os.environ)

    def rows(self, statement: str, *values: object, catalog: str = "ops") -> list[tuple]:
        """Look into a catalog behind the command's back."""
        if self.is_held:
            with open_catalog(getattr(self.settings, catalog)) as connection:
                return connection.execute(statement, list(values)).fetchall()
        with duckdb.connect(str(self.home / f"{catalog}.duckdb")) as connection:
            return connection.execute(statement, list(values)).fetchall()

    def one(self, statement: str, *values: object, catalog: str = "ops") -> object:
        """Return the single value of a query."""
        ((value,),) = self.rows(statement, *values, catalog=catalog)
        return value


@pytest.fixture(scope="session")
def district() -> District:
    return build_district()


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the sample register was imported once."""
    home = tmp_path_factory.mktemp("registered")
    shutil.copyfile(EXAMPLES / "office.yml", home / "office.yml")
    settings = read_settings({"JUZHEN_HOME": str(home)})
    imports.import_register(settings, [REGISTER], "测试", MONDAY, is_dry_run=False)
    return home


@pytest.fixture
def empty_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A fresh installation: nothing imported, no office, no chat."""
    for name in list(os.environ):
        if name.startswith("JUZHEN_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("JUZHEN_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    made = Desk(home, monkeypatch, capsys, {})
    made.set_now(MONDAY)
    return made


@pytest.fixture
def desk(empty_desk: Desk, registered: Path, district: District) -> Desk:
    """An installation with the sample register, on a Monday morning."""
    shutil.copytree(registered, empty_desk.home)
    day = MONDAY.date()
    empty_desk.people = {
        shift.role: shift.person_id
        for shift in district.shifts
        if shift.starts_on <= day <= shift.ends_on and shift.position == 1
    }
    return empty_desk


@pytest.fixture
def held(desk: Desk) -> Iterator[None]:
    """Both catalogs kept open, as a drill does: most of a short command's time is opening them."""
    desk.is_held = True
    with open_catalog(desk.settings.ops), open_catalog(desk.settings.stats):
        yield


@pytest.fixture
def slack(desk: Desk) -> Iterator[SlackServer]:
    """The fake Slack, configured as the desk's channel."""
    with SlackServer(now=MONDAY) as server:
        desk.monkeypatch.setenv("JUZHEN_SLACK_API", server.api_url)
        desk.monkeypatch.setenv("JUZHEN_SLACK_TOKEN", server.token)
        desk.monkeypatch.setenv("JUZHEN_SLACK_CHANNEL", "C0DUTY")
        yield server


@pytest.fixture(scope="session")
def wechat(district: District) -> Iterator[WechatServer]:
    """The fake WeChat, shared: every test sets its time and its faults."""
    with WechatServer(district, now=MONDAY) as server:
        yield server


@pytest.fixture
def case_id(desk: Desk) -> str:
    """An open impersonation case whose first step waits for the handler."""
    return open_one(desk)["case_id"]
