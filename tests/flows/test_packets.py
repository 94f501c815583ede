"""A packet's life: made for a scope, signed, sent, answered, and made again as it was then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows import make_packet, record_packet
from flows.form_checks import checked
from flows.operations import packet_batch, packets
from flows.operations.packet_batch import make_every_unit
from flows.operations.packet_scope import packet_of
from flows.packet_forms import MakePacket, RecordPacket
from playbooks.core import charts
from playbooks.statistics.period import PERIOD_NAMES, named_code, parse_period
from tests.packet.conftest import ONE_PIXEL


@pytest.fixture(autouse=True)
def plain_charts(monkeypatch):
    """Spare drawing, which takes most of a packet."""
    monkeypatch.setattr(charts, "png_of", lambda _: ONE_PIXEL)


def _changed(desk, value):
    account = desk.one("select min(account_id) from account where unit_id = 'U001'")
    desk.rows(
        "insert into account_day (account_id, stat_date, reads) values (?, '2026-07-01', ?)",
        *(account, value),
        catalog="stats",
    )


def test_a_packet_is_made_again_as_it_was_although_figures_and_register_changed(desk, tmp_path):
    first = desk.ask("packet", "2026q3", "--unit", "U001")
    assert first.code == 0, first.err
    paths = [Path(path) for path in first.json["files"]]
    assert paths[0].parent.name == "2026Q3-U001"
    then = {path.name: path.read_bytes() for path in paths}
    _changed(desk, 777)
    desk.later(days=40)
    second = desk.ask("packet", "2026Q3", "--unit", "U001")
    assert then["figures.xlsx"] != Path(second.json["files"][3]).read_bytes()
    asked = ("packet", "2026Q3", "--unit", "U001", "--as-of")
    again = desk.ask(*asked, "2026-12-01", "--out", tmp_path / "again")
    assert (again.code, again.json["differing"]) == (0, [])
    assert {Path(path).name: Path(path).read_bytes() for path in again.json["files"]} == then
    early = desk.run(*asked, "2026-11-01")
    assert (early.code, "还没有生成过" in early.err) == (1, True)
    assert desk.run("verify").code == 0


def test_a_unit_and_an_account_have_packets_of_their_own_with_their_own_paragraphs(desk, tmp_path):
    account = desk.one("select min(account_id) from account")
    made = desk.ask("packet", "2026-07", "--account", account, "--out", tmp_path / "packet")
    manifest = json.loads((tmp_path / "packet" / "manifest.json").read_text(encoding="utf-8"))
    assert (made.code, manifest["scope"]["account_id"]) == (0, account)
    assert manifest["coverage"]["reads"]["expected"] == 31
    both = desk.run("packet", "2026-07", "--account", account, "--unit", "U001")
    assert "只能选一个单位或一个账号" in both.err
    assert "台账中没有账号 A9999" in desk.run("packet", "2026-07", "--account", "A9999").err


def test_last_periods_paragraph_is_shown_as_such_and_can_be_taken_over(desk):
    by = ("--by", desk.people["handler"])
    desk.run("analysis", "2026Q2", "--set", "下一步安排=加强值班", "--set", "线下活动=义诊", *by)
    request = packets.request_of(desk.settings, packet_of("2026Q3"), desk.now)
    assert request.analysis.next_steps is None
    assert "上期所写供修改，不是本期结论：加强值班" in request.analysis.pending("next_steps")
    assert "offline_activities" not in request.analysis.carried
    refused = desk.run("analysis", "2026Q3", "--take-over", "线下活动", *by)
    assert "只说明本期情况" in refused.err
    assert desk.run("analysis", "2026Q3", "--take-over", "下一步安排", *by).code == 0
    request = packets.request_of(desk.settings, packet_of("2026Q3"), desk.now)
    assert request.analysis.next_steps.startswith("加强值班（由")
    assert "无可沿用" in desk.run("analysis", "2026Q3", "--take-over", "社会反响", *by).err


def test_signing_sending_and_receipt_are_recorded_in_their_order(desk, monkeypatch):
    monkeypatch.setattr(packets, "render", _without_documents)
    by = ("--by", desk.people["handler"])
    record = ("packet-record", "2026Q3")
    signer = ("--by", desk.people["signer"])
    assert "还没有生成" in desk.run(*record, "签发", "--who", "李建国", *signer).err
    desk.run("packet", "2026Q3")
    assert "还没有登记「签发」" in desk.run(*record, "报送", "--who", "市政数局", *by).err
    assert "晚于今天" in desk.run(*record, "签发", "--who", "李", "--date", "2027-01-01", *by).err
    assert (
        "不在「签发、带班领导、主要领导」的值班表上"
        in desk.run(*record, "签发", "--who", "李", *by).err
    )
    assert desk.run(*record, "签发", "--who", "李建国", *signer).code == 0
    given = {
        "year": 2026,
        "period": "第三季度",
        "act": "报送",
        "done_on": desk.now.date().isoformat(),
        "who": "市政数局",
        "answered_by": desk.people["handler"],
    }
    monkeypatch.setattr(record_packet, "publish_page", lambda *_: None)
    done = record_packet._recorded(desk.settings, checked(RecordPacket, given), desk.now)
    assert "报送（2026-11-23，市政数局）" in done.sentence
    assert desk.run(*record, "收到回执", "--who", "市政数局", "--note", "收字3号", *by).code == 0
    assert desk.ask("packets").json["packets"] == [
        {"name": "2026Q3", "state": "收到回执（2026-11-23，市政数局）", "made_count": 1}
    ]
    desk.run("packet", "2026Q3")
    assert desk.ask("packets").json["packets"][0]["state"] == "重新生成后未签发"
    assert "须重新签发" in desk.run(*record, "报送", "--who", "市政数局", *by).err
    assert "退回须写明理由" in desk.run(*record, "退回", "--who", "李建国", *by).err
    assert desk.run("verify").code == 0


def test_every_unit_has_its_folder_and_one_without_accounts_is_named(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(packet_batch, "ProcessPoolExecutor", _InThisProcess)
    monkeypatch.setattr(packets, "render", _without_documents)
    desk.rows("delete from account where unit_id > 'U010'")
    desk.rows("delete from unit where unit_id > 'U012'")
    batch = make_every_unit(
        desk.settings, parse_period("2026Q3"), desk.now, tmp_path, print, workers=1
    )
    units = desk.one("select count(*) from unit")
    assert len(batch.folders) + len(batch.skipped) == units
    assert any(sentence.startswith("U011：") for sentence in batch.skipped)


def test_the_form_offers_every_kind_of_period_and_refuses_what_contradicts(desk, monkeypatch):
    offered = MakePacket.model_json_schema()["properties"]["period"]["enum"]
    assert tuple(offered) == PERIOD_NAMES
    codes = [named_code(2026, name) for name in PERIOD_NAMES]
    assert codes[:8] == [
        "2026Q1",
        "2026Q2",
        "2026Q3",
        "2026Q4",
        "2026H1",
        "2026H2",
        "2026",
        "2026-01",
    ]
    assert [parse_period(code).code for code in codes] == codes
    given = {
        "year": 2026,
        "period": "7月",
        "how_many": "每个单位各一份",
        "unit_id": "区教育局(U002)",
    }
    form = checked(MakePacket, {**given, "answered_by": desk.people["handler"]})
    with pytest.raises(ValueError, match="都不填"):
        make_packet._made(desk.settings, form, desk.now)


class _InThisProcess:
    def __init__(self, *_args, **_named):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def submit(self, function, *arguments):
        from concurrent.futures import Future

        future = Future()
        future.set_result(function(*arguments))
        return future


def _without_documents(settings, figures, request, folder):
    """Stand in for Typst, Matplotlib and the rest: what is tested here is the ledger."""
    from playbooks.statistics.packet import PacketFiles

    path = folder / "report.docx"
    return PacketFiles(path, path, path, path, path, {"report.docx": figures.digest()})
