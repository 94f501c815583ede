"""``juzhen refresh`` as typed: its exit status, its summary, and a credentials file with faults."""

from __future__ import annotations

from datetime import datetime

import pytest

from connectors.sources import bundled_sources
from flows.operations.credentials import read_credentials
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
    health = desk.ask("health")
    assert health.code == 1
    assert [one["kind"] for one in health.json["matters"]] == ["refused"]
    assert "IP 白名单" in health.json["matters"][0]["sentence"]
    account = health.json["accounts"][0]
    assert (account["account_id"], account["lag_days"], account["missing_days"]) == (SOUND, 0, 0)
    assert 0 < account["quota_left"] < account["quota_limit"] == 80
    assert desk.ask("stale").json["accounts"]


def test_nobody_configured_is_not_a_good_night(desk):
    ran = desk.ask("refresh")
    assert (ran.code, ran.json["complete"]) == (1, False)
    assert len(ran.json["unconfigured"]) > 10


def test_credentials_that_others_can_read_are_refused(desk):
    path = desk.home / "credentials.yml"
    path.write_text("weibo_api: {A0002: {uid: '1', access_token: hunter2}}", encoding="utf-8")
    path.chmod(0o640)
    desk.monkeypatch.setenv("JUZHEN_CREDENTIALS", str(path))
    ran = desk.run("refresh")
    assert ran.code == 1
    assert f"chmod 600 {path}" in ran.err
    path.chmod(0o600)
    desk.monkeypatch.setenv("WEIBO_TOKEN", "hunter3")
    text = "weibo_api: {A0002: {uid: '1', access_token: 'env:WEIBO_TOKEN'}}"
    path.write_text(text, encoding="utf-8")
    (credentials_of,) = read_credentials(desk.settings, bundled_sources().values()).values()
    assert credentials_of["A0002"].values["access_token"] == "hunter3"
    assert "hunter3" not in repr(credentials_of)
    desk.monkeypatch.delenv("WEIBO_TOKEN")
    assert "环境变量 WEIBO_TOKEN 没有设置" in desk.run("sources").err


def test_the_list_of_sources_tells_terms_doubts_and_faults(desk):
    listed = desk.ask("sources")
    assert listed.code == 0
    by_name = {one["source"]: one for one in listed.json["sources"]}
    assert len(by_name) == 5
    assert not any(one["is_configured"] for one in by_name.values())
    text = desk.run("sources").out
    assert "条款提示：平台开发者协议限制在第三方服务器保存用户数据" in text
    assert "待核实：result 为 1 表示成功" in text
    (desk.home / "sources").mkdir()
    (desk.home / "sources" / "own.yml").write_text("title: x\nendponts: {}\n", encoding="utf-8")
    ran = desk.run("sources")
    assert ran.code == 1
    assert "不能采集：own.yml:2: endponts: 没有这一项" in ran.out


def test_a_night_to_come_is_refused(desk):
    assert "还没有到" in desk.run("refresh", "--date", "2026-11-24").err
