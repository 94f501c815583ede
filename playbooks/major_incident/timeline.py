"""The course of an incident from its ledger: what happened when, which limits were kept, who published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from playbooks.core.case_file.clocks import clocks_of
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.telling import actor_of
from playbooks.core.drafting import Material
from playbooks.core.events import Event, EventType
from playbooks.core.facts import as_list
from playbooks.core.limits import LimitKind
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from playbooks.major_incident.facts import LETTER_TITLES, ClockLine, Entry, Published


def timeline_of(material: Material) -> list[Entry]:
    """Return the entries of the ledger that tell the course, oldest first."""
    return [
        Entry(
            event.occurred_at,
            _what(event, material),
            actor_of(event, material.people),
            event.position,
        )
        for event in material.events
        if event.event_type in TOLD and not _is_repeated(event)
    ]


def clock_lines(material: Material, now: datetime) -> list[ClockLine]:
    """Return every limit that ran, with its basis and how it went as of *now*."""
    return [
        ClockLine(
            clock.title,
            clock.due_at,
            clock.basis if clock.kind is LimitKind.STATUTORY else "内部时限，非法定",
            clock.verdict(now),
        )
        for clock in clocks_of(material.events)
    ]


def published_of(state: CaseState, material: Material) -> Published | None:
    """Return what came of the unified dispatch; ``None`` when there was none."""
    if not state.directives:
        return None
    directive = list(state.directives.values())[-1]
    done = [(account, directive.published.get(account)) for account in directive.accounts]
    limit = f"{state.case_id}/{directive.step_id}/{directive.visit}"
    clocks = {clock.deadline_id: clock.due_at for clock in clocks_of(material.events)}
    known = [str(seen["posted_at"]) for _, seen in done if seen and seen.get("posted_at")]
    return Published(
        required=len(directive.accounts),
        done=len(directive.published),
        rows=[(_name(account, material), *_when(seen)) for account, seen in done if seen],
        missing=[_name(account, material) for account in directive.missing],
        issued_at=directive.issued_at,
        due_at=clocks.get(limit),
        pinned=len(directive.pinned) if directive.must_pin else None,
        times=sorted(datetime.fromisoformat(at) for at in known),
    )


def _when(seen: Mapping[str, object]) -> tuple[str | None, str]:
    at = seen.get("posted_at")
    how = "系统采集" if seen["known_by"] == "ingested" else "人工登记链接"
    return (local(str(at)) if at else None), how


def _name(account_id: str, material: Material) -> str:
    known = material.accounts.get(account_id)
    if known is None:
        return account_id
    return f"{known.name}（{labels('platform').get(known.platform, known.platform)}）"


def _is_repeated(event: Event) -> bool:
    """What entries of their own tell, the answer behind them does not: signatures, dispatches, posts."""
    answers = set(_answers(event)) if event.event_type is EventType.STEP_ANSWERED else set[str]()
    return (
        bool({"decision", "sending"} & answers)
        or {"account", "url"} <= answers
        or "pinned" in answers
    )


def _answers(event: Event) -> Sequence[str]:
    answers = event.payload.get("answers")
    return list(answers) if isinstance(answers, dict) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _what(event: Event, material: Material) -> str:
    payload = event.payload
    if event.event_type is EventType.PUBLICATION_RECORDED:
        return f"{_name(str(payload['account_id']), material)}已发布"
    if event.event_type is EventType.PIN_RECORDED:
        return f"{_name(str(payload['account_id']), material)}已置顶"
    if event.event_type in _ABOUT_A_STEP:
        title = material.playbook.step(str(payload["step_id"])).title
        return _ABOUT_A_STEP[event.event_type].format(title)
    return _TOLD_AS[event.event_type](payload)


def _dispatched(payload: Mapping[str, object]) -> str:
    name = str(payload["letter"])
    return f"发出{LETTER_TITLES.get(name, name)}"


_ABOUT_A_STEP: Mapping[EventType, str] = {
    EventType.STEP_ANSWERED: "办理「{}」",
    EventType.DEADLINE_EXPIRED: "「{}」时限届满，尚未办妥",
}
_TOLD_AS: Mapping[EventType, Callable[[Mapping[str, object]], str]] = {
    EventType.CASE_OPENED: lambda payload: "立案，开始计时",
    EventType.SIGNED: lambda payload: f"签发{_letters(payload)}",
    EventType.RETURNED: lambda payload: f"退回{_letters(payload)}",
    EventType.LETTER_DISPATCHED: _dispatched,
    EventType.DIRECTIVE_ISSUED: lambda payload: (
        f"统一部署 {len(as_list(payload['accounts']))} 个账号发布"
    ),
    EventType.SILENCE_FOUND: lambda payload: "；".join(_silence(payload)),
    EventType.CASE_CLOSED: lambda payload: f"办结：{payload['outcome_title']}",
}

TOLD = frozenset(
    {*_ABOUT_A_STEP, *_TOLD_AS, EventType.PUBLICATION_RECORDED, EventType.PIN_RECORDED}
)
"""The entries that tell the course."""


def _letters(payload: Mapping[str, object]) -> str:
    names = [str(name) for name in as_list(payload["letters"])]
    return "、".join(LETTER_TITLES.get(name, name) for name in names)


def _silence(payload: Mapping[str, object]) -> Iterator[str]:
    words = {
        "silent": "未见发布",
        "other": "只发布了其他内容",
        "unknown": "情况不明（没有数据，或只见到开头）",
    }
    for key, word in words.items():
        found = as_list(payload[key])
        if found:
            yield f"{len(found)} 个账号{word}"
