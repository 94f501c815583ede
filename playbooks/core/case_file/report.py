"""The file of one case as a document: what it is, its clocks, answers, letters, evidence, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.case_file.answers import answer_blocks, letter_blocks
from playbooks.core.case_file.clock_tables import clock_blocks
from playbooks.core.case_file.masked import Entry
from playbooks.core.cases.folding import fold
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.telling import EVENT_TITLES, actor_of, answers_text, early_text, gist_of
from playbooks.core.documents.model import Block, Column, Heading, Paragraph, Report, Table
from playbooks.core.facts import as_mapping
from playbooks.core.ledger import Event, EventType, Head
from playbooks.core.messages import local
from playbooks.core.personal_data import without_personal_data
from playbooks.core.playbook import Playbook
from playbooks.core.working_hours import local_day

MESSAGE_STATES = {
    "queued": "待发",
    "sending": "发送中",
    "delivered": "已送达",
    "unknown": "结果不明",
    "failed": "失败",
    "told": "已另行告知",
}


@dataclass(frozen=True)
class CaseFile:
    """What a case file is made of.

    Attributes:
        title: as boards call the case.
        people: person id -> name.
        messages: rows of the outbox of the case, oldest first.
        head: of the whole ledger when the file was made.
        made_at: aware instant.
    """

    title: str
    issuer: str
    playbook: Playbook
    entries: Sequence[Entry]
    people: Mapping[str, str]
    messages: Sequence[Mapping[str, object]]
    head: Head
    calendar: WorkCalendar
    made_at: datetime

    @property
    def events(self) -> list[Event]:
        """The entries without their hashes."""
        return [entry.event for entry in self.entries]

    @property
    def state(self) -> CaseState:
        """What the case is, folded from its entries."""
        return fold(self.events[0].case_id, self.events)


def report_of(file: CaseFile) -> Report:
    """Return the document; personal data is masked in every text."""
    state = file.state
    return Report(
        title=f"案卷 {state.case_id}",
        subtitle=without_personal_data(file.title),
        issuer=file.issuer,
        issued_on=local_day(file.made_at),
        blocks=[block for part in _PARTS for block in part(file)],
        notes=(
            "本案卷由系统按办件流水生成，联系电话、证件号码、邮箱等个人信息已遮盖。",
            "未注明「法定」的时限均为内部时限，非法定。签字、盖章以纸面原件为准。",
        ),
        watermark="演练" if state.is_drill else None,
    )


def _basics(file: CaseFile) -> Iterator[Block]:
    state, playbook = file.state, file.playbook
    opened = file.events[0]
    marking = f"TLP:{playbook.marking.tlp.upper()}" if playbook.marking else "未标注"
    closed = next((e for e in file.events if e.event_type is EventType.CASE_CLOSED), None)
    status = (
        f"{local(closed.occurred_at)} 办结：{closed.payload['outcome_title']}" if closed else "在办"
    )
    rows = [
        ["案件编号", state.case_id],
        ["立案", f"{local(opened.occurred_at)}，{actor_of(opened, file.people)}"],
        ["状态", status],
        ["预案", f"{playbook.title} 第 {playbook.version} 版，摘要 {playbook.digest[:16]}"],
        ["知悉范围", marking],
        ["举报", f"{len(state.reporters)} 件，已答复 {sum(state.reporters.values())} 件"],
        ["固定证据", f"{len(state.evidence)} 件"],
    ]
    early = as_mapping(closed.payload.get("early") or {}) if closed else {}
    if early:
        rows.append(["提前办结", without_personal_data(early_text(early, file.people))])
    if state.parent:
        rows.append(["上级案件", state.parent])
    yield Heading("一、基本情况")
    yield _key_values(rows)
    text = without_personal_data(answers_text(state.inputs, playbook.inputs))
    yield Paragraph(f"立案登记：{text.rstrip('。')}。")


def _clocks(file: CaseFile) -> Iterator[Block]:
    yield Heading("二、时限")
    yield from clock_blocks(file.events, file.playbook, file.calendar, file.made_at)


def _answers(file: CaseFile) -> Iterator[Block]:
    yield Heading("三、办理与判定")
    yield from answer_blocks(file.events, file.playbook, file.people)


def _letters(file: CaseFile) -> Iterator[Block]:
    yield Heading("四、函件")
    yield from letter_blocks(file.events)


def _evidence(file: CaseFile) -> Iterator[Block]:
    yield Heading("五、证据清单")
    rows = [
        [
            str(number),
            without_personal_data(str(item["file_name"])),
            _media_kind(str(item["file_name"])),
            f"{item['size_bytes']} 字节",
            local(str(item["sealed_at"])),
            file.people.get(str(item.get("sealed_by", "")), "系统"),
        ]
        for number, item in enumerate(file.state.evidence, start=1)
    ]
    if not rows:
        yield Paragraph("没有固定证据。")
        return
    columns = [
        Column("序号", "center", 1),
        Column("文件名", weight=4),
        Column("格式", weight=1.4),
        Column("大小", "right", 2),
        Column("固定时间", weight=2.6),
        Column("固定人", weight=1.6),
    ]
    yield Table(columns, rows, caption="电子数据清单")
    for number, item in enumerate(file.state.evidence, start=1):
        yield Paragraph(f"{number}. 完整性校验值 SHA-256：{item['sha256']}", "note")


def _messages(file: CaseFile) -> Iterator[Block]:
    yield Heading("六、消息")
    rows = [
        [
            local(str(row["created_at"])),
            without_personal_data(str(row["title"])),
            MESSAGE_STATES.get(str(row["status"]), str(row["status"])),
            local(str(row["finished_at"])) if row["finished_at"] else "—",
        ]
        for row in file.messages
    ]
    if not rows:
        yield Paragraph("没有消息。")
        return
    columns = [
        Column("生成", weight=2.4),
        Column("内容", weight=5),
        Column("结果", weight=1.6),
        Column("完成", weight=2.4),
    ]
    yield Table(columns, rows, caption="向值班人员发出的消息")


def _history(file: CaseFile) -> Iterator[Block]:
    yield Heading("七、办件流水")
    rows = [
        [
            str(event.position),
            local(event.occurred_at),
            EVENT_TITLES.get(event.event_type, str(event.event_type)),
            without_personal_data(gist_of(event, file.playbook, file.people)) or "—",
            actor_of(event, file.people),
        ]
        for event in file.events
    ]
    columns = [
        Column("序号", "right", 1),
        Column("时间", weight=2.2),
        Column("事项", weight=2),
        Column("内容", weight=5),
        Column("操作人", weight=1.4),
    ]
    yield Table(columns, rows, caption="本案全部流水（序号为全系统连续编号）")


def _verification(file: CaseFile) -> Iterator[Block]:
    last = file.entries[-1]
    yield Heading("八、校验")
    yield _key_values(
        [
            ["生成时间", local(file.made_at)],
            ["本案末条", f"第 {last.event.position} 条"],
            ["本案末条哈希", last.entry_hash],
            ["流水末条", f"第 {file.head.position} 条"],
            ["流水末条哈希", file.head.entry_hash],
        ]
    )
    yield Paragraph(
        "每一条流水的哈希覆盖其内容与前一条的哈希，改动、删除或调换任何一条都会使其后全部对不上。"
        "本页印出的末条哈希与纸面一同归档，即固定了此前的全部流水。"
    )
    yield Paragraph(
        "脱机核对：在案卷文件夹中运行 python3 verify.py，核对各文件与清单、未遮盖流水与其哈希。"
        "联机核对：在系统所在的机器上运行"
    )
    yield Paragraph(f"juzhen verify --head {file.head.position}:{file.head.entry_hash}", "note")


def _key_values(rows: Sequence[Sequence[str]]) -> Table:
    return Table([Column("项目", weight=1.4), Column("内容", weight=5)], rows)


def _media_kind(file_name: str) -> str:
    ending = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    return ending[:8] or "未知"


_PARTS = (_basics, _clocks, _answers, _letters, _evidence, _messages, _history, _verification)
