"""One report as a feed gives it, before anything of it is stored, and what was wrong with the others.

``ReportRow`` still holds personal data in ``texts`` and ``personal``: it lives in memory between the
file and the door (``playbooks.core.personal_data``), and is never written anywhere as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.report_sources import FieldName


@dataclass(frozen=True)
class Attachment:
    """One file that came with a report."""

    file_name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ReportRow:
    """One report.

    Attributes:
        place: where it stands, as an operator finds it: file, sheet and row, or message.
        number: the source's own number of the report.
        texts: the fields that were taken, as they stood.
        received_at: aware instant, ``None`` when the source does not say.
        answer_due_at: until when the source wants an answer.
        contact: how to reach the reporter where the source says to keep it, else empty.
        personal: values to blot out of the texts.
    """

    place: str
    number: str
    texts: Mapping[FieldName, str]
    received_at: datetime | None = None
    answer_due_at: datetime | None = None
    contact: str = field(default="", repr=False)
    personal: Sequence[str] = field(default=(), repr=False)
    attachments: Sequence[Attachment] = ()

    def text(self, name: FieldName) -> str:
        """Return the text of a field; empty when the source has none."""
        return self.texts.get(name, "")


@dataclass(frozen=True)
class RowProblem:
    """One row that was not taken; the sentence says where, what, and what to do."""

    place: str
    sentence: str

    def __str__(self) -> str:
        """Return the whole sentence."""
        return f"{self.place}：{self.sentence}"


@dataclass(frozen=True)
class FeedReading:
    """What a file holds.

    Attributes:
        source_id: which source its columns are.
        unknown_headings: columns nobody decided about; they were left out.
    """

    source_id: str
    rows: Sequence[ReportRow]
    problems: Sequence[RowProblem]
    unknown_headings: Sequence[str] = ()
