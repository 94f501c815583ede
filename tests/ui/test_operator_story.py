"""One case through the real interface: form, board, chat link, answer, letters; killed in the middle.

The deployments are the project's own, the chat is a fake Slack on the loopback interface, and the
browser is Debian's Chromium.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from driver import Browser, LiveStack, OutsideTrap
from playwright.sync_api import Browser as BrowserProcess
from playwright.sync_api import expect

from connectors.simulation.slack_server import SlackServer
from flows.clock import now
from flows.operations.imports import import_register
from flows.operations.people import directory
from flows.settings import Settings, read_settings
from sql.catalogs import open_catalog

pytestmark = pytest.mark.chromium

PROJECT = Path(__file__).resolve().parents[2]
CASE = "IMP-2026-0001"


def unscheduled_project(folder: Path) -> Path:
    """Copy ``prefect.yaml`` without schedules: the test starts itself what a tick would start."""
    document = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))
    for entry in document["deployments"]:
        entry.pop("schedules", None)
    (folder / "prefect.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def office(
    live: LiveStack,
    office_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[LiveStack, Settings]]:
    """The whole installation: sample register, every deployment, published forms."""
    home, stack = live.settings.home, live.stack
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {"JUZHEN_HOME": str(home), **office_environment}.items():
            environment.setenv(name, value)
        settings = read_settings()
        shutil.copyfile(PROJECT / "examples/office.yml", home / "office.yml")
        (register,) = (PROJECT / "examples/register").glob("*.xlsx")
        import_register(settings, [register], "测试", now(), is_dry_run=False)
        stack.settings = replace(
            live.settings,
            project=unscheduled_project(tmp_path_factory.mktemp("project")),
            deploy_command=(sys.executable, "-m", "flows.command", "publish", "--deploy", "."),
        )
        stack.deploy()
        yield live, settings
        stack.settings = live.settings


@pytest.fixture
def page(
    office: tuple[LiveStack, Settings],
    chromium: BrowserProcess,
    trap: OutsideTrap,
    tmp_path: Path,
) -> Iterator[Browser]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 1400}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield Browser(context.new_page(), office[0], trap, tmp_path)
    context.close()


def shown(settings: Settings, role: str) -> str:
    """Return the person on duty as the forms offer them."""
    with open_catalog(settings.ops) as connection:
        person = directory(connection, now())[role]
    assert person is not None
    return f"{person.name}({person.person_id})"


def counted(settings: Settings, question: str) -> int:
    with open_catalog(settings.ops) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def report_impostor(page: Browser, person: str) -> None:
    page.open_form("立案/登记：假冒政务新媒体处置", {"display_name": "云衫新区发布"})
    page.choose("所在平台", "微信公众号")
    page.choose("线索来源", "网民举报")
    page.choose("疑被冒用的官方账号", "云杉新区发布 微信公众号(A0001)")
    page.choose("填报人", person)
    assert page.live.wait_for_state(page.submit()) == "COMPLETED"


def verify(page: Browser, verdict: str, person: str) -> None:
    page.choose("核实结论", verdict)
    page.fill("认定理由", "名称仅一字之差，头像相同")
    page.choose("危害情形", "发布不实信息")
    page.choose("填报人", person)
    page.screenshot("answer")


def test_case_from_form_to_letters_survives_a_killed_worker_and_server(
    page: Browser, office: tuple[LiveStack, Settings], slack: SlackServer
) -> None:
    live, settings = office
    handler = shown(settings, "handler")
    report_impostor(page, handler)

    board = page.read_artifact("open-cases")
    assert CASE in board
    assert "排查核实" in board
    assert live.wait_for_state(live.submit("消息发送/消息发送", {})) == "COMPLETED"
    assert slack.messages
    link = page.page.get_by_role("link", name="办理").first.get_attribute("href")
    assert link is not None
    assert "visit" in link

    # Everything dies before the answer; the case, its deadline and its ladder are in the ledger.
    live.kill_worker()
    live.kill_server()
    assert counted(settings, "select count(*) from deadline where status = 'running'") == 1
    live.restart_server()
    live.restart_worker()

    page.page.goto(live.url + link)
    verify(page, "确属假冒", handler)
    assert live.wait_for_state(page.submit(), timeout_s=180) == "COMPLETED"

    case = page.read_artifact(f"case-{CASE.lower()}")
    assert "函件审核签发" in case
    assert "云杉政营函〔2026〕1号" in case
    page.screenshot("case")
    letters = sorted(path.suffix for path in (settings.outbox / CASE).iterdir())
    assert letters == [".docx"] * 3 + [".html"] * 3 + [".pdf"] * 3
    assert counted(settings, "select count(*) from rung_claim") == 0
    assert page.outside_requests() == []


def test_second_answer_by_the_same_link_fails_with_the_reason(
    page: Browser, office: tuple[LiveStack, Settings]
) -> None:
    live, settings = office
    page.open_form("办理步骤/办理：排查核实", {"case_id": CASE, "visit": 1})
    verify(page, "非假冒", shown(settings, "handler"))
    run_id = page.submit()
    assert live.wait_for_state(run_id) == "FAILED"
    assert "已经办理过" in live.run(run_id)["state"]["message"]
    expect(page.page.get_by_role("main")).not_to_be_empty()
