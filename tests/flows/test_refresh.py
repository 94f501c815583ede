"""``juzhen refresh`` as typed: its exit status, its summary, and a credentials file with faults."""

from __future__ import annotations

from datetime import datetime

import pytest

from playbooks.core.working_hours import OFFICE_ZONE
from tests.flows.steps import credentials

SOUND = "A0001"
FIRST = datetime(2026, 11, 12, 9, 0, tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "A0001: {appid: wx1",
        "A0001: [appid, hunter2]",
        "A0001: {appid: wx1, secret: 12345}",
        "A0001: {appid: wx1, secret: hunter2, note: x}",
        "hunter2",
    ],
    ids=["broken", "list", "number", "unknown key", "text"],
)
def test_a_faulty_credentials_file_is_named_without_quoting_it(desk, text):
    path = desk.home / "credentials.yml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    desk.monkeypatch.setenv("JUZHEN_WECHAT_CREDENTIALS", str(path))
    ran = desk.run("refresh")
    assert ran.code == 1
    assert str(path) in ran.err
    assert "hunter2" not in ran.err
    assert "12345" not in ran.err


def test_the_refresh_command_tells_the_truth_by_its_exit_status(desk, wechat):
    wechat.now = FIRST
    desk.set_now(FIRST)
    path = credentials(desk.home, wechat, [SOUND])
    desk.monkeypatch.setenv("JUZHEN_WECHAT_API", wechat.base_url)
    desk.monkeypatch.setenv("JUZHEN_WECHAT_CREDENTIALS", str(path))
    good = desk.ask("refresh")
    assert (good.code, good.json["complete"], good.json["account_count"]) == (0, True, 1)

    wechat.faults.replace(["ip_not_whitelisted"])
    bad = desk.run("refresh")
    wechat.faults.replace([])
    assert bad.code == 1
    assert "IP 白名单" in bad.out
    health = desk.ask("health").json["sources"]
    assert health
    assert desk.ask("stale").json["accounts"]


def test_nobody_configured_is_not_a_good_night(desk):
    ran = desk.ask("refresh")
    assert (ran.code, ran.json["complete"]) == (1, False)
    assert len(ran.json["unconfigured"]) > 10
