"""A platform that rotates its refresh token: the next night begins with the new one, wherever it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import yaml

from connectors.http import RetryPolicy
from connectors.simulation.faults import Fault
from connectors.simulation.kuaishou_server import KuaishouServer
from flows.operations import secret_blocks, statistics
from flows.operations.renewed_tokens import FILE_NAME
from flows.settings import SettingsError, read_settings
from playbooks.core.working_hours import OFFICE_ZONE

ACCOUNT = "A0010"
FIRST = datetime(2026, 11, 19, 10, 30, tzinfo=OFFICE_ZONE)
NIGHTS = [FIRST + timedelta(days=days) for days in range(3)]
AT_ONCE = RetryPolicy(waits_s=(0.0,), sleep=lambda _: None)
EXPIRED = Fault("token_expires_mid_run", times=1)


@pytest.fixture
def kuaishou(district):
    with KuaishouServer(district, now=FIRST) as server:
        yield server


class Office:
    """A home whose only source is Kuaishou, with the credentials a person wrote once."""

    def __init__(self, desk, kuaishou):
        self.desk, self.kuaishou = desk, kuaishou
        self.given = kuaishou.credentials(ACCOUNT)
        self.path = desk.home / "credentials.yml"
        self.write(self.given)

    def write(self, entry):
        text = yaml.safe_dump({"kuaishou_api": {ACCOUNT: entry}})
        self.path.write_text(text, encoding="utf-8")
        self.path.chmod(0o600)
        return text

    def night(self, now, *faults, credentials=""):
        settings = read_settings(
            {
                "JUZHEN_HOME": str(self.desk.home),
                "JUZHEN_CREDENTIALS": credentials or str(self.path),
                "JUZHEN_KUAISHOU_API": self.kuaishou.base_url,
            }
        )
        self.kuaishou.now = now
        self.kuaishou.faults.replace(faults)
        return statistics.refresh(settings, now, statistics.Pace(lambda: now, AT_ONCE))


@pytest.fixture
def office(desk, kuaishou):
    return Office(desk, kuaishou)


def test_every_night_renews_from_what_the_night_before_was_given(office):
    written = office.path.read_text(encoding="utf-8")
    for now in NIGHTS:
        done = office.night(now, EXPIRED)
        assert (done.outcomes.get("refused"), done.faults) == (None, ()), done.messages
    assert office.path.read_text(encoding="utf-8") == written
    kept = office.desk.home / FILE_NAME
    assert kept.stat().st_mode & 0o777 == 0o600
    assert office.given["refresh_token"] not in kept.read_text(encoding="utf-8")
    assert sorted(path.suffix for path in office.desk.home.glob("renewed_tokens*")) == [
        ".lock",
        ".yml",
    ]


def test_credentials_that_a_person_replaces_are_believed_again(office):
    office.night(NIGHTS[0], EXPIRED)
    office.write({**office.given, "access_token": "typed.wrongly", "refresh_token": "and.this"})
    assert "refused" in office.night(NIGHTS[1]).outcomes
    office.write(office.kuaishou.credentials(ACCOUNT))
    assert set(office.night(NIGHTS[1]).outcomes) == {"value"}


def test_a_place_that_cannot_be_written_costs_no_figure_and_is_said(office):
    (office.desk.home / "renewed_tokens.lock").mkdir()
    done = office.night(NIGHTS[0], EXPIRED)
    assert set(done.outcomes) == {"value"}
    assert not done.is_complete
    (fault,) = done.faults
    assert fault.startswith("快手开放平台")
    assert ACCOUNT in fault
    assert "没有存下（Is a directory）" in fault


def test_what_is_spoilt_is_named_without_being_quoted(office):
    (office.desk.home / FILE_NAME).write_text("kuaishou_api/A0010: hunter2", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"renewed_tokens\.yml 已损坏") as caught:
        office.night(NIGHTS[0])
    assert "hunter2" not in str(caught.value)


def test_credentials_from_a_block_are_continued_in_a_block_and_never_on_disk(office, monkeypatch):
    blocks = {"office-credentials": office.path.read_text(encoding="utf-8")}
    monkeypatch.setattr(secret_blocks, "load", blocks.get)
    monkeypatch.setattr(secret_blocks, "save", blocks.__setitem__)
    for now in NIGHTS:
        done = office.night(now, EXPIRED, credentials="prefect-secret:office-credentials")
        assert set(done.outcomes) == {"value"}, done.messages
    assert sorted(blocks) == ["juzhen-renewed-kuaishou-api-a0010", "office-credentials"]
    assert not (office.desk.home / FILE_NAME).exists()
