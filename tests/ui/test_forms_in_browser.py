"""An operator's way through the real interface, in Debian's Chromium, with nothing leaving the machine."""

from __future__ import annotations

import pytest
from driver import Browser, LiveStack
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect

from flows.deployments import Deployments
from flows.forms import ImportFile, schema_of
from flows.publishing import PublishedForm, publish_forms
from playbooks.core.playbook.model import FormField

pytestmark = pytest.mark.chromium

PEOPLE = ["张三(P-1)", "李四(P-2)"]
VERIFY = (
    FormField(
        name="verdict",
        title="核实结论",
        type="enum",
        values={"impersonation": "确属假冒", "not_impersonation": "非假冒"},
    ),
    FormField(name="reason", title="认定理由", type="text", help="逐项写明异同"),
    FormField(name="seen_on", title="发现日期", type="day", required=False),
    FormField(name="evidence", title="证据文件", type="files", required=False),
)


@pytest.fixture(scope="module")
def step_form(live: LiveStack) -> str:
    """The form of one playbook step, published beside the plain deployments."""
    from prefect.client.orchestration import SyncPrefectClient

    form = PublishedForm(
        "排查核实",
        "收到线索后 **4 个工作小时**内完成。",
        schema_of(VERIFY, asks_for_case=True),
        hidden={"step_id": "verify"},
    )
    choices = {"people": PEOPLE}
    with SyncPrefectClient(f"{live.url}/api") as client:
        deployments = Deployments(client, choices)
        first = publish_forms(deployments, "办理步骤/办理步骤", [form])
        assert deployments.fill_choices() == 1, "the import form; the step's form has them already"
        deployments = Deployments(client, choices)
        again = publish_forms(deployments, "办理步骤/办理步骤", [form])
        assert deployments.fill_choices() == 0
    assert first == again, "a link that was sent before must still open the form"
    return "办理步骤/排查核实"


def test_answer_a_step_from_a_chat_link(browser: Browser, live: LiveStack, step_form: str) -> None:
    browser.open_form(step_form, {"case_id": "IMP-2026-1", "visit": 2, "verdict": "确属假冒"})
    browser.screenshot("step-prefilled")
    assert "'reason' is a required property" in browser.submit_refused()
    expect(browser.page.get_by_text("'answered_by' is a required property")).to_be_visible()
    browser.screenshot("step-refused")
    browser.fill("认定理由", "头像与名称相同,认证主体不同\n<img src=http://outside.example/a.png>")
    browser.choose("填报人", "李四(P-2)")
    run_id = browser.submit()
    assert live.wait_for_state(run_id) == "COMPLETED"
    given = live.run(run_id)["parameters"]
    assert given["step_id"] == "verify"
    assert given["form"]["case_id"] == "IMP-2026-1"
    assert given["form"]["visit"] == 2
    assert given["form"]["verdict"] == "确属假冒"
    assert given["form"]["answered_by"] == "李四(P-2)"

    board = browser.read_artifact("case-board")
    assert browser.screenshot("board").read_bytes()[:4] == b"\x89PNG"
    assert "在办案件" in board
    assert "IMP-2026-1" in board
    assert "步骤 verify" in board
    assert "taken" not in browser.page.title()
    assert browser.outside_requests() == []


def test_import_form_starts_with_the_harmless_choice(
    browser: Browser, live: LiveStack, step_form: str
) -> None:
    browser.open_form("导入文件/导入文件", {"file_name": "台账.xlsx"})
    expect(browser.page.get_by_text("先把文件放进数据目录下的 inbox 文件夹")).to_be_visible()
    browser.screenshot("import")
    browser.choose("填报人", "张三(P-1)")
    run_id = browser.submit()
    submitted = live.run(run_id)["parameters"]["form"]
    assert ImportFile.model_validate(submitted).mode == "试运行：只检查，不写入"
    assert browser.outside_requests() == []


def test_a_name_outside_the_roster_is_refused(live: LiveStack, step_form: str) -> None:
    form = {"case_id": "IMP-1", "verdict": "非假冒", "reason": "无", "answered_by": "路人"}
    deployment_id = live.deployment(step_form)["id"]
    reply = live.client.post(
        f"deployments/{deployment_id}/create_flow_run", json={"parameters": {"form": form}}
    )
    assert reply.status_code == 409
    assert "answered_by" in reply.json()["detail"]


def test_old_interface_and_api_page_call_nobody(browser: Browser) -> None:
    url = browser.live.url
    browser.page.goto(f"{url}/deployments")
    expect(browser.page.get_by_text("导入文件").first).to_be_visible()
    browser.screenshot("deployments-v1")
    browser.page.goto(f"{url}/docs")
    browser.open("/deployments")
    expect(browser.page.get_by_text("导入文件").first).to_be_visible()
    browser.screenshot("deployments")
    assert browser.outside_requests() == []


def test_a_request_that_leaves_is_noticed(browser: Browser) -> None:
    with pytest.raises(BrowserError):
        browser.page.goto("http://outside.example/left")
    assert browser.outside_requests() == ["GET http://outside.example/left HTTP/1.1"]
    browser.trap.requests.clear()
