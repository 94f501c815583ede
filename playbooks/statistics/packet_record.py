"""What became of a packet after it was made: signed, sent, received, published or sent back.

The system signs and sends nothing: people do, and tell it. The state is folded from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from playbooks.core.events import Event, EventType
from sql.refusal import Refusal


class PacketAct(StrEnum):
    """What a person can do with a finished packet."""

    SIGNED = "signed"
    SENT = "sent"
    RECEIVED = "received"
    PUBLISHED = "published"
    RETURNED = "returned"


ACT_TITLES: Mapping[PacketAct, str] = {
    PacketAct.SIGNED: "签发",
    PacketAct.SENT: "报送",
    PacketAct.RECEIVED: "收到回执",
    PacketAct.PUBLISHED: "公开",
    PacketAct.RETURNED: "退回",
}
_NEEDS: Mapping[PacketAct, PacketAct] = {
    PacketAct.SENT: PacketAct.SIGNED,
    PacketAct.RECEIVED: PacketAct.SENT,
    PacketAct.PUBLISHED: PacketAct.SIGNED,
}


class PacketError(Refusal, ValueError):
    """Something that cannot be done with a packet; the sentence is Chinese."""


@dataclass(frozen=True)
class Act:
    """One act as it was recorded; ``who`` is the signer, the addressee or where it was published."""

    act: PacketAct
    done_on: date
    who: str
    note: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class PacketState:
    """A packet as it stands.

    Attributes:
        made_at: when it was last made; None when it never was.
        report_sha256: of the .docx that was made last, the one that acts are about.
        acts: what people did with that one, in order.
        earlier: acts about one that was made before, and no longer counts.
    """

    key: str
    scope_name: str = ""
    made_at: datetime | None = None
    report_sha256: str = ""
    acts: tuple[Act, ...] = ()
    earlier: tuple[Act, ...] = ()
    made_count: int = field(default=0)

    @property
    def done(self) -> frozenset[PacketAct]:
        """The acts that hold; a return takes back everything before it."""
        held: set[PacketAct] = set()
        for each in self.acts:
            held = {PacketAct.RETURNED} if each.act is PacketAct.RETURNED else held | {each.act}
        return frozenset(held)

    @property
    def text(self) -> str:
        """The state in Chinese: the last act, or what comes first."""
        if self.made_at is None:
            return "未生成"
        if not self.acts:
            return "重新生成后未签发" if self.earlier else "未签发"
        last = self.acts[-1]
        return f"{ACT_TITLES[last.act]}（{last.done_on}，{last.who}）"


def state_of(key: str, events: Iterable[Event]) -> PacketState:
    """Return the state that the ledger's *events* of one packet tell."""
    state = PacketState(key)
    for event in events:
        payload = event.payload
        if event.event_type is EventType.PACKET_MADE:
            files = cast("Mapping[str, str]", payload.get("files", {}))
            state = PacketState(
                key,
                str(payload.get("scope_name", "")),
                event.occurred_at,
                str(files.get("report.docx", "")),
                earlier=state.earlier + state.acts,
                made_count=state.made_count + 1,
            )
        elif event.event_type is EventType.PACKET_RECORDED:
            state = _with(state, event)
    return state


def require_possible(state: PacketState, act: PacketAct) -> None:
    """Refuse an act that what was done so far does not allow.

    Raises:
        PacketError: naming what has to come first.
    """
    if state.made_at is None:
        raise PacketError("这份数据包还没有生成；请先生成，再登记签发、报送")
    if PacketAct.RETURNED in state.done:
        raise PacketError("这份数据包已退回；请修改后重新生成，再登记")
    needed = _NEEDS.get(act)
    if needed and needed not in state.done:
        again = "（签发后又重新生成过，须重新签发）" if state.earlier and not state.acts else ""
        raise PacketError(
            f"还没有登记「{ACT_TITLES[needed]}」，不能登记「{ACT_TITLES[act]}」{again}"
        )


def _with(state: PacketState, event: Event) -> PacketState:
    payload = event.payload
    act = Act(
        PacketAct(str(payload["act"])),
        date.fromisoformat(str(payload["done_on"])),
        str(payload["who"]),
        str(payload["note"]),
        event.actor,
        event.occurred_at,
    )
    return PacketState(
        *(state.key, state.scope_name, state.made_at, state.report_sha256),
        acts=(*state.acts, act),
        earlier=state.earlier,
        made_count=state.made_count,
    )
