"""What people answered, what tables decided and what letters went, as blocks of a case file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from playbooks.core.cases.telling import answers_text, fields_of
from playbooks.core.documents.model import Block, Column, Paragraph, Table
from playbooks.core.facts import as_mapping
from playbooks.core.ledger import Event, EventType
from playbooks.core.messages import local
from playbooks.core.personal_data import without_personal_data
from playbooks.core.playbook import Playbook


def answer_blocks(
    events: Sequence[Event], playbook: Playbook, people: Mapping[str, str]
) -> Iterator[Block]:
    """Yield a paragraph for every answer and every decision, in order, whole."""
    count = 0
    for event in events:
        text = _answer(event, playbook, people) or _decision(event, playbook)
        if text:
            count += 1
            yield Paragraph(f"{count}. {without_personal_data(text)}", "flush")
    if not count:
        yield Paragraph("尚无办理。")


def letter_blocks(events: Sequence[Event]) -> Iterator[Block]:
    """Yield the table of the letters that were drafted, and the digest of each."""
    drafted = [event for event in events if event.event_type is EventType.LETTER_DRAFTED]
    if not drafted:
        yield Paragraph("没有函件。")
        return
    columns = [
        Column("文号", weight=2.6),
        Column("标题", weight=4.4),
        Column("起草", weight=2.2),
        Column("发出与回执", weight=3),
    ]
    rows = [
        [
            str(event.payload["number"]),
            str(event.payload.get("title", event.payload["letter"])),
            local(event.occurred_at),
            without_personal_data(_sending(event, events)),
        ]
        for event in drafted
    ]
    yield Table(columns, rows, caption="本案函件")
    for event in drafted:
        files = as_mapping(event.payload["files"])
        digests = "；".join(f".{kind} {digest}" for kind, digest in sorted(files.items()))
        yield Paragraph(
            f"{event.payload['number']} 文本 {event.payload['digest']}；{digests}", "note"
        )


def _answer(event: Event, playbook: Playbook, people: Mapping[str, str]) -> str:
    if event.event_type is not EventType.STEP_ANSWERED:
        return ""
    payload = event.payload
    step_id, person_id = str(payload["step_id"]), str(payload["answered_by"])
    name = str(payload.get("answered_by_name") or people.get(person_id, person_id))
    said = answers_text(as_mapping(payload["answers"]), fields_of(playbook, step_id))
    role = playbook.roles[str(payload["role"])].title
    return f"{local(event.occurred_at)} {playbook.step(step_id).title}（{role} {name}）：{said}"


def _decision(event: Event, playbook: Playbook) -> str:
    if event.event_type is not EventType.DECISION_TAKEN:
        return ""
    title = playbook.step(str(event.payload["step_id"])).title
    row, reason = event.payload["row"], event.payload["reason"]
    return f"{local(event.occurred_at)} {title}（判定表第 {row} 行）：{reason}"


def _sending(drafted: Event, events: Sequence[Event]) -> str:
    number = drafted.payload["number"]
    words: list[str] = []
    for event in events:
        if event.payload.get("number") != number:
            continue
        if event.event_type is EventType.LETTER_DISPATCHED:
            words.append(f"{local(event.occurred_at)} 发出（{event.payload.get('sent_by', '')}）")
        if event.event_type is EventType.RECEIPT_RECORDED:
            words.append(f"回执 {event.payload['receipt']}")
    return "；".join(words) or "未发出"
