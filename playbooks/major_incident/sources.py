"""Where each fact of a document comes from: the ledger's entries by number, the register, a file.

Kept with the draft in the ledger (``letter_drafted``), so that anybody can go from a sentence of the
document to the entry that says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from playbooks.core.drafting import Material
from playbooks.core.events import Event, EventType
from playbooks.major_incident.facts import IncidentFacts

OFFICE, REGISTER, STATISTICS = "office.yml", "台账", "统计库"
NUMBERS, THIS_DRAFT = "文号登记", "本次起草"

TITLES = {
    "case_id": "案件编号",
    "issuer_name": "发文单位",
    "bureau_name": "主管单位",
    "public_security_name": "公安机关",
    "cyberspace_office_name": "网信部门",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "document_number": "发文字号",
    "issued_on": "成文日期",
    "title": "事件名称",
    "kind": "事件类型",
    "known_at": "首次获知时间",
    "known_from": "获知来源",
    "source_detail": "来源说明",
    "reported_facts": "接报情况",
    "verdict": "核实结论",
    "situation": "已核实的事实",
    "casualties": "伤亡人数",
    "views": "浏览量",
    "spread": "传播范围",
    "verified_by": "核实人",
    "verified_at": "核实时间",
    "grade": "等级",
    "affected": "涉事账号",
    "platform_company": "平台运营公司",
    "number": "第几次报送",
    "drafted_at": "起草时间",
    "written": "拟写内容",
    "timeline": "处置经过",
    "clocks": "时限办理",
    "published": "发布情况",
    "outcome": "办结结果",
    "closed_at": "办结时间",
    "measures": "改进措施",
    "tally": "办理数字",
    "volume": "评论、留言与发布的数量",
}
INTAKE = (
    *("case_id", "title", "kind", "known_at", "known_from", "source_detail", "reported_facts"),
    "affected",
)
VERIFIED = (
    *("verdict", "situation", "casualties", "views", "spread", "verified_by", "verified_at"),
)
NAMES = (
    *("issuer_name", "bureau_name", "public_security_name", "cyberspace_office_name"),
    *("contact_name", "contact_phone", "platform_company"),
)
CLOCK_EVENTS = frozenset(
    {
        *(EventType.DEADLINE_ARMED, EventType.DEADLINE_SATISFIED, EventType.DEADLINE_CANCELLED),
        *(EventType.DEADLINE_EXPIRED, EventType.DEADLINE_PAUSED, EventType.DEADLINE_RESUMED),
        *(EventType.DEADLINE_EXTENDED, EventType.DEADLINE_REPROJECTED),
    }
)
TALLIED = CLOCK_EVENTS | {
    *(EventType.RUNG_CLAIMED, EventType.NOBODY_REACHABLE, EventType.ANSWER_REFUSED),
}


@dataclass(frozen=True)
class Source:
    """Where one fact stands.

    Attributes:
        positions: numbers of the ledger's entries, as the documents' timeline prints them.
        place: what lies outside the case's ledger; empty where the ledger says it all.
    """

    positions: tuple[int, ...] = ()
    place: str = ""

    def facts(self) -> dict[str, object]:
        """Return it as the ledger keeps it."""
        found = {"positions": list(self.positions)} if self.positions else {}
        return {**found, "place": self.place} if self.place else dict(found)


def sources_of(
    facts: IncidentFacts, material: Material, written_in: str
) -> dict[str, Mapping[str, object]]:
    """Return the source of every fact that a document may state.

    Args:
        facts: of the document.
        material: whose ledger they came from.
        written_in: the step in which a person wrote what the document publishes.
    """
    found = _found(facts, material.events, written_in)
    return {
        described.name: {"name": TITLES[described.name], **found[described.name].facts()}
        for described in fields(facts)
        if described.name not in ("figures", "sources") and _is_stated(facts, described.name)
    }


def _is_stated(facts: IncidentFacts, name: str) -> bool:
    """Tell whether there is such a fact; none of it is said otherwise, and zero is a fact."""
    value: object = getattr(facts, name)
    if name == "written":
        return any(said is not None for said in facts.written.values())
    return value is not None and value not in ("", [], (), {})


def _found(facts: IncidentFacts, events: Sequence[Event], written_in: str) -> dict[str, Source]:
    opened = _positions(events, EventType.CASE_OPENED)
    graded = (*_decided(events, "grade"), *_answered(events, "confirm_grade"))
    dispatch = (
        *_positions(events, EventType.DIRECTIVE_ISSUED),
        *_positions(events, EventType.PUBLICATION_RECORDED),
        *_positions(events, EventType.PIN_RECORDED),
    )
    sent = [e.position for e in events if e.event_type is EventType.LETTER_DISPATCHED]
    closed = _positions(events, EventType.CASE_CLOSED)
    return {
        **dict.fromkeys(INTAKE, Source(opened)),
        **dict.fromkeys(VERIFIED, Source(_answered(events, "verify"))),
        **dict.fromkeys(NAMES, Source(place=OFFICE)),
        **dict.fromkeys(("issued_on", "drafted_at"), Source(place=THIS_DRAFT)),
        **dict.fromkeys(("outcome", "closed_at"), Source(closed)),
        "affected": Source(opened, REGISTER),
        "document_number": Source(place=NUMBERS),
        "number": Source(tuple(sent), "" if sent else THIS_DRAFT),
        "grade": Source(graded),
        "written": Source(_answered(events, written_in)),
        "timeline": Source(tuple(entry.position for entry in facts.timeline)),
        "clocks": Source(tuple(e.position for e in events if e.event_type in CLOCK_EVENTS)),
        "published": Source(dispatch, REGISTER),
        "measures": Source(_answered(events, "review")),
        "tally": Source(tuple(e.position for e in events if e.event_type in TALLIED)),
        "volume": Source(place=f"{STATISTICS} {'；'.join(_volume(facts))}"),
    }


def _volume(facts: IncidentFacts) -> Iterator[str]:
    """Yield the figures themselves: the statistics are corrected later, the document is not."""
    for each in facts.volume:
        told = (each.comments, each.messages, each.published)
        shown = ",".join("" if value is None else str(value) for value in told)
        yield f"{each.day}={shown}@{each.account_count}"


def _positions(events: Sequence[Event], event_type: EventType) -> tuple[int, ...]:
    return tuple(event.position for event in events if event.event_type is event_type)


def _answered(events: Sequence[Event], step_id: str) -> tuple[int, ...]:
    """Return the latest answer of a step; a step may be done again."""
    found = [
        event.position
        for event in events
        if event.event_type is EventType.STEP_ANSWERED and event.payload["step_id"] == step_id
    ]
    return tuple(found[-1:])


def _decided(events: Sequence[Event], step_id: str) -> tuple[int, ...]:
    found = [
        event.position
        for event in events
        if event.event_type is EventType.DECISION_TAKEN and event.payload["step_id"] == step_id
    ]
    return tuple(found[-1:])
