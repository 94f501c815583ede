"""Record that a packet was signed, sent, received, published or sent back, and list how all stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flows.operations.boards import shown
from flows.operations.files import keep_from_inbox
from flows.operations.packet_scope import PacketOf, scope_of
from flows.operations.people import ON_ROSTER, SIGNING, answerer_with
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.core.events import EventType, NewEvent
from playbooks.core.messages import local
from playbooks.core.working_hours import local_day
from playbooks.statistics.packet_record import (
    ACT_TITLES,
    PacketAct,
    PacketState,
    require_possible,
    state_of,
)
from sql.catalogs import open_catalog, write

MOST_ON_BOARD: Final = 100
LONGEST_WHO: Final = 200
LONGEST_NOTE: Final = 300
ACTS: Final = {title: act for act, title in ACT_TITLES.items()}


@dataclass(frozen=True)
class Recorded:
    """What somebody says was done with a packet.

    Attributes:
        act: its Chinese title, or the identifier.
        who: the signer, the addressee, where it was published, or who sent it back.
        note: document number, number of the receipt, address or reason.
        scan: file name in the inbox; empty for none.
    """

    act: str
    done_on: date
    who: str
    note: str = ""
    scan: str = ""


def record(
    settings: Settings, asked: PacketOf, recorded: Recorded, by: str, now: datetime
) -> PacketState:
    """Write one act into the ledger and return how the packet stands.

    Raises:
        AnswerError: no such act, unit or person; a day in the future; a return without a reason,
            or somebody whose role on the roster may not.
        PacketError: something has to come first.
        FileProblemError: the scan cannot be taken.
    """
    act = _act(recorded, local_day(now))
    scans = keep_from_inbox(settings, [recorded.scan]) if recorded.scan else []
    with write(settings.ops) as connection:
        scope_of(connection, asked, "")
        roles = SIGNING if act is PacketAct.SIGNED else ON_ROSTER
        who = answerer_with(connection, by, roles, f"登记「{ACT_TITLES[act]}」", now)
        state = state_of(asked.key, ledger.read_case(connection, asked.key))
        require_possible(state, act)
        payload = {
            "act": act.value,
            "done_on": recorded.done_on.isoformat(),
            "who": visible(recorded.who.strip(), LONGEST_WHO),
            "note": visible(recorded.note.strip(), LONGEST_NOTE),
            "report_sha256": state.report_sha256,
            "scans": scans,
        }
        event = NewEvent(
            asked.key, EventType.PACKET_RECORDED, f"person:{who.person_id}", payload, act.value
        )
        store.commit(connection, [event], now)
        return state_of(asked.key, ledger.read_case(connection, asked.key))


def packet_states(settings: Settings) -> list[PacketState]:
    """Return how every packet stands that was ever made, the one made last first."""
    with open_catalog(settings.ops) as connection:
        found = ledger.read_packets(connection)
    states = [state_of(key, events) for key, events in found.items()]
    made = [(state.made_at, state) for state in states if state.made_at is not None]
    return [state for _, state in sorted(made, key=lambda pair: pair[0], reverse=True)]


def packet_lines(states: Sequence[PacketState]) -> list[str]:
    """Return one line for each packet."""
    return [
        f"{name_of(state)}  {state.scope_name}  {local(state.made_at)} 第 {state.made_count} 次生成"
        f"  {state.text}"
        for state in states
        if state.made_at is not None
    ]


def packets_markdown(states: Sequence[PacketState], files: Sequence[str] = ()) -> str:
    """Return the board: the files just made, and how the latest packets stand."""
    lines = ["## 数据包", "", *(f"- `{path}`" for path in files), ""]
    lines += [
        "签发、报送、回执由人办理，用表单「登记数据包」或 `juzhen packet-record` 登记。",
        "",
        "| 统计期与范围 | 名称 | 最近生成 | 次数 | 状态 |",
        "|---|---|---|---|---|",
    ]
    for state in states[:MOST_ON_BOARD]:
        if state.made_at is not None:
            cells = (name_of(state), state.scope_name, local(state.made_at), state.text)
            name, scope, made, text = (shown(cell) for cell in cells)
            lines.append(f"| {name} | {scope} | {made} | {state.made_count} | {text} |")
    return "\n".join(lines)


def name_of(state: PacketState) -> str:
    """Return 2026Q3 or 2026Q3-U002 from the packet's key."""
    _, code, scope = state.key.split(":", 2)
    return code if scope == "district" else f"{code}-{scope}"


def _act(recorded: Recorded, today: date) -> PacketAct:
    act = ACTS.get(recorded.act)
    if act is None:
        raise AnswerError(f"没有「{visible(recorded.act, 40)}」这种办理；可登记{'、'.join(ACTS)}")
    if recorded.done_on > today:
        raise AnswerError(f"办理日期 {recorded.done_on} 晚于今天")
    if not recorded.who.strip():
        raise AnswerError("须写明签发人或对方单位")
    if act is PacketAct.RETURNED and not recorded.note.strip():
        raise AnswerError("退回须写明理由")
    return act
