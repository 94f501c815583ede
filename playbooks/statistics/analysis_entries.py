"""The paragraphs that people write for a packet (Article 32: 认真分析), from the ledger's entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playbooks.statistics.sentences import AnalysisText

SECTIONS: Final[Mapping[str, str]] = {
    "offline_activities": "线下活动",
    "public_response": "社会反响",
    "netizen_comments": "网民评论",
    "public_opinion": "舆情收集",
    "rectification": "整改情况",
    "next_steps": "下一步安排",
    "publishing": "原创转载解读与重大信息转载",
}
"""Field of ``AnalysisText`` -> what an operator calls the section."""

CARRIED: Final = (
    "public_response", "netizen_comments", "public_opinion", "rectification", "next_steps",
)  # fmt: skip
"""The sections whose last paragraph helps to write the next one; facts of a past period do not."""

LONGEST: Final = 5000


@dataclass(frozen=True)
class AnalysisEntry:
    """One paragraph as somebody wrote it.

    Attributes:
        section: a name in ``SECTIONS``.
        text: what was written; ``""`` takes the paragraph back to 待填写.
        author: name of the person, as the register has it.
        written_at: aware instant.
    """

    section: str
    text: str
    author: str
    written_at: datetime


def standing(entries: Sequence[AnalysisEntry]) -> dict[str, AnalysisEntry]:
    """Return section -> the entry that holds, the last one written; nothing for one taken back."""
    latest = {entry.section: entry for entry in entries}
    return {name: latest[name] for name in SECTIONS if name in latest and latest[name].text}


def analysis_of(
    entries: Sequence[AnalysisEntry], carried: Sequence[AnalysisEntry] = ()
) -> AnalysisText | None:
    """Return what the packet prints, each paragraph with 由某某填写; ``None`` when nobody wrote.

    Args:
        entries: of this packet.
        carried: of the packet of the period before; where nobody has written yet, its paragraph is
            shown as what was said last time, never as this period's finding.
    """
    from playbooks.statistics.sentences import AnalysisText  # with it come the document writers

    texts = {name: _signed(entry) for name, entry in standing(entries).items()}
    last = {
        name: _signed(entry)
        for name, entry in standing(carried).items()
        if name in CARRIED and name not in texts
    }
    return AnalysisText(**texts, carried=last) if texts or last else None


def _signed(entry: AnalysisEntry) -> str:
    return f"{entry.text}（由{entry.author}填写）"
