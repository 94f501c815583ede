"""The whole story on the sample matrix: one true path through every hop, finite and repeatable.

Everything runs for real: HTTP to the fake platforms, files, both catalogs, letters, chat. Only the
clock is moved by hand, so that two days of a case take seconds.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from connectors.http import RetryPolicy
from connectors.simulation.impostors import Impostor
from connectors.simulation.truth import truth_of
from connectors.windows import Window
from flows.channels import open_sender
from flows.command.statistics import ACCOUNT_ENDPOINTS
from flows.demo.simulation import EXAMPLES, Simulation, simulated
from flows.links import addresses
from flows.operations import (
    cases,
    drop_folder,
    escalation,
    findings,
    imports,
    packets,
    report_queue,
    reports,
    statistics,
)
from flows.operations.case_page import case_markdown
from flows.operations.drop_report import OUTCOMES
from flows.operations.finding_sheet import write_findings
from flows.operations.night_summary import summary_markdown
from flows.operations.packet_scope import packet_of
from flows.operations.report_text import imported_text
from flows.settings import SettingsError
from playbooks.core import ledger
from playbooks.core.register.report import plan_text
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog

NIGHT = datetime(2026, 11, 21, 9, 0, tzinfo=OFFICE_ZONE)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE_ZONE)
PERIOD = "2026Q3"
MARK = ".juzhen-demo"
HANDLER_ANSWERS = {
    "verdict": "impersonation",
    "reason": "名称与官方账号仅一字同音之差；头像相同；认证主体为个人，非本区单位",
    "harm": "rumour",
}

CHECKED = {"decision": "approve", "confirmed": "checked"}  # the sample office.yml is unverified


@dataclass
class Story:
    """The story as it is being told."""

    simulation: Simulation
    out: Path
    say: Callable[[str], None]
    case_id: str = ""
    people: dict[str, str] = field(default_factory=dict[str, str])


def run(out: Path, say: Callable[[str], None]) -> int:
    """Tell the story, leave its artefacts under *out*, return 0 when every check held.

    Raises:
        SettingsError: *out* holds something that no demo left there.
    """
    _clear(out)
    with simulated(out / "data", NIGHT) as simulation:
        story = Story(simulation, out, say)
        _register(story)
        _night(story)
        _drop(story)
        _case(story)
        _packet(story)
        return _close(story)


def _clear(out: Path) -> None:
    """Empty the folder of an earlier demo; anybody else's folder is left alone."""
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).is_file():
            raise SettingsError(f"{out} 中有不是演示留下的文件；请用 --out 指定一个空文件夹")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()


def _register(story: Story) -> None:
    settings = story.simulation.settings
    path = next((EXAMPLES / "register").glob("*.xlsx"))
    plan = imports.import_register(settings, [path], "示例", NIGHT, is_dry_run=False)
    story.say("1 导入台账（虚构的「云杉新区」）")
    story.say("  " + plan_text(plan).strip().splitlines()[0])
    on_monday = [
        s for s in story.simulation.district.shifts if s.starts_on <= MONDAY.date() <= s.ends_on
    ]
    story.people = {shift.role: shift.person_id for shift in on_monday if shift.position == 1}


def _night(story: Story) -> None:
    simulation = story.simulation
    settings = simulation.settings
    story.say("2 采集：先补取两个季度，再跑一夜")
    pace = statistics.Pace(lambda: simulation.wechat.now, RetryPolicy(sleep=lambda _: None))
    days = Window(simulation.district.first_day, simulation.district.last_day)
    statistics.backfill(settings, days, ACCOUNT_ENDPOINTS, NIGHT, pace)
    night = statistics.refresh(settings, NIGHT, pace)
    summary = summary_markdown(settings, night, NIGHT)
    (story.out / "nightly-summary.md").write_text(summary + "\n", encoding="utf-8")
    story.say(f"  请求结果 {dict(sorted(night.outcomes.items()))}，写入 nightly-summary.md")


def _drop(story: Story) -> None:
    """Lay the export files of the sample into the drop folder, as the units do, and take them in."""
    settings = story.simulation.settings
    shutil.copytree(EXAMPLES / "exports", settings.drop, copy_function=shutil.copyfile)
    for path in settings.drop.rglob("*"):
        os.utime(path, (0, 0))  # copied long ago, not still being copied
    taken = drop_folder.take_all(settings, NIGHT)
    counted = Counter(OUTCOMES[one.outcome] for one in taken)
    result = "、".join(f"{title} {count} 个" for title, count in sorted(counted.items()))
    story.say(
        f"  投递文件夹中的后台导出文件（{len({one.name.split('_')[0] for one in taken})} 个账号）：{result}"
    )


def _case(story: Story) -> None:
    settings = story.simulation.settings
    truth = truth_of(story.simulation.district)
    by_id = {impostor.impostor_id: impostor for impostor in truth.impostors}
    story.say("3 假冒账号：立案、并案、核实、函件、回执、复查、办结")
    _reports(story, {report.order_number: by_id[report.about] for report in truth.reports})
    first = by_id[truth.reports[0].about]
    with open_catalog(settings.ops) as connection:
        open_cases = connection.execute(
            "select case_id from case_summary order by case_id"
        ).fetchall()
    story.say(
        f"  {len(truth.reports)} 件举报并成 {len(open_cases)} 件案件；办理 {story.case_id}「{first.name}」"
    )
    _dispatch(story, MONDAY)
    _answer(
        story, "verify", HANDLER_ANSWERS, "handler", MONDAY + timedelta(hours=1), _evidence(story)
    )
    _answer(story, "approve_letters", CHECKED, "reviewer", MONDAY + timedelta(hours=5))
    signing = MONDAY + timedelta(hours=6)
    _answer(story, "approve_letters", {"decision": "approve", "opinion": "同意"}, "signer", signing)
    story.say("  四小时后：其余案件无人办理，时限到期，逐级提醒")
    _sweep(story, MONDAY + timedelta(hours=7))
    _send_and_close(story)


def _send_and_close(story: Story) -> None:
    afternoon = MONDAY + timedelta(hours=7)
    for step_id, receipt in (
        ("send_public_security", "公网安收〔2026〕88号"),
        ("send_platform", "受理 20261123-4471"),
        ("file_with_bureau", "政营备〔2026〕31号"),
    ):
        sent = {"sending": "sent", "sent_by": "专人送达与平台入口", "receipt": receipt}
        _answer(story, step_id, sent, "handler", afternoon)
    for day in (1, 2):
        look = MONDAY + timedelta(days=day, hours=1)
        _sweep(story, look)
        _answer(story, "recheck", {"look": "gone", "remark": "页面显示账号已停用"}, "handler", look)
    done = {"report_id": "全部", "answered_on": "2026-11-25", "how": "已电话答复举报人账号已关停"}
    _answer(story, "answer_reporters", done, "handler", MONDAY + timedelta(days=2, hours=2))
    story.say("  已答复举报人；账号进入 30 天观察，到期无人再见到它才结案")


def _reports(story: Story, about: Mapping[str, Impostor]) -> None:
    """Import the hotline's work orders, then say of each unclear one what it is about."""
    settings, handler = story.simulation.settings, story.people["handler"]
    path = EXAMPLES / "reports" / "12345工单.xlsx"
    imported = reports.import_reports(settings, path, handler, MONDAY)
    story.say("  " + imported_text(imported, is_dry_run=False).splitlines()[0])
    for row in report_queue.waiting_reports(settings):
        impostor = about[str(row["number"])]
        given = {
            "platform": impostor.platform,
            "display_name": impostor.name,
            "platform_account_id": impostor.platform_account_id,
            "url": impostor.url,
            **({"official_account_id": impostor.imitates} if impostor.imitates else {}),
        }
        report_id = str(row["report_id"])
        outcome = report_queue.settle_report(settings, report_id, given, handler, MONDAY)
        # The oldest report is the one whose case the story follows.
        story.case_id = story.case_id or outcome.case_id


def _evidence(story: Story) -> list[dict[str, object]]:
    from flows.operations.files import keep

    page = story.out / "data" / "inbox" / "假冒账号主页.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("<!doctype html><meta charset=utf-8><title>示例证据</title>", encoding="utf-8")
    return [keep(story.simulation.settings, page)]


def _answer(
    story: Story,
    step_id: str,
    answers: Mapping[str, object],
    role: str,
    now: datetime,
    evidence: list[dict[str, object]] | None = None,
) -> None:
    changed = cases.answer_step(
        story.simulation.settings,
        story.case_id,
        step_id,
        answers,
        story.people[role],
        now,
        evidence=evidence or (),
    )
    if changed.refusal:
        raise RuntimeError(f"{story.case_id} {step_id}: {changed.refusal}")
    drafted = sorted({path.stem for path in changed.letters})
    for title in drafted:
        story.say(f"  起草：{title}")
    _dispatch(story, now)


def _sweep(story: Story, now: datetime) -> None:
    settings = story.simulation.settings
    claimed = sum(result.claimed for result in escalation.sweep(settings, now))
    story.say(f"  巡查 {now:%m-%d %H:%M}：执行提醒 {claimed} 级")
    _dispatch(story, now)


def _dispatch(story: Story, now: datetime) -> None:
    story.simulation.set_now(now)
    settings = story.simulation.settings
    sender = open_sender(settings)
    escalation.dispatch(settings, sender, lambda: now, sender.channels.routing)


def _packet(story: Story) -> None:
    settings = story.simulation.settings
    now = MONDAY + timedelta(days=2, hours=3)
    made = packets.make(settings, packet_of(PERIOD), now, story.out / "packet")
    story.say(f"4 数据包 {PERIOD}：{'、'.join(path.name for path in made.paths)}")
    derived = findings.derive(settings, now)
    write_findings(findings.listed(settings), story.out / "findings.xlsx", now)
    story.say(f"  {derived.sentence}，写入 findings.xlsx")


def _close(story: Story) -> int:
    settings = story.simulation.settings
    now = MONDAY + timedelta(days=2, hours=3)
    _sweep(story, now)
    story.simulation.slack.write_transcript(story.out / "chat.html", "工作群消息（仿真）")
    folder = story.out / "case"
    shutil.copytree(settings.outbox / story.case_id, folder)
    page = case_markdown(settings, story.case_id, now, addresses(settings))
    (folder / "case.md").write_text(page + "\n", encoding="utf-8")
    result = escalation.audit(settings, now)
    with open_catalog(settings.ops) as connection:
        breach = ledger.verify_catalog(connection)
        head = ledger.head(connection)
        messages = connection.execute(
            "select count(*) from outbox where status = 'delivered'"
        ).fetchone()
    assert messages is not None
    story.say(
        f"5 工作群收到 {messages[0]} 条消息（chat.html）；审计{'通过' if result.is_clean else '发现问题'}"
    )
    for finding in result.findings:
        story.say(f"  {finding.sentence}：{'、'.join(finding.examples)}")
    story.say(f"6 流水 {head.position} 条，哈希链{'完好' if breach is None else '断裂'}")
    story.say(f"完成。成果在 {story.out}/；接着可运行 make up 在界面中办理。")
    return 0 if result.is_clean and breach is None else 1
