"""One model of a document for every renderer: a letter （信函格式） or a report.

Text is plain text everywhere: no renderer reads markup in it. Every text passes through
:func:`~playbooks.core.documents.text.visible` when an object is built, so a model holds nothing that
can hide, reverse or break a line. Source of the letter's parts: GB/T 9704-2012, section 10.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Literal, cast

from playbooks.core.documents.text import LABEL_LIMIT, NOTE_LIMIT, PARAGRAPH_LIMIT, visible

MISSING = "未取得"
Alignment = Literal["left", "center", "right"]


class _Clean:
    """Base of the model: text fields are made visible, sequences become tuples."""

    def __post_init__(self) -> None:
        for described in fields(self):  # type: ignore[arg-type]
            value: object = getattr(self, described.name)
            limit: int = described.metadata.get("limit", LABEL_LIMIT)
            object.__setattr__(self, described.name, _clean(value, limit))


def _clean(value: object, limit: int) -> object:
    if isinstance(value, str):
        return visible(value, limit)
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return tuple(_clean(item, limit) for item in items)
    return value


def _long_text() -> str:
    """Declare a field that may hold a whole paragraph."""
    return field(metadata={"limit": PARAGRAPH_LIMIT})


def _notes() -> Sequence[str]:
    """Declare a field of whole sentences, none by default."""
    return field(default=(), metadata={"limit": NOTE_LIMIT})


@dataclass(frozen=True)
class Paragraph(_Clean):
    """Running text; ``body`` is indented by two characters, ``flush`` is not, ``note`` is small."""

    text: str = _long_text()
    style: Literal["body", "flush", "note"] = "body"


@dataclass(frozen=True)
class Heading(_Clean):
    """A heading; its number is part of the text: 一、 （一） 1. (1) for levels 1 to 4."""

    text: str
    level: Literal[1, 2, 3, 4] = 1


@dataclass(frozen=True)
class Column(_Clean):
    """A table column; *weight* is its share of the width."""

    heading: str
    alignment: Alignment = "left"
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a width that cannot be drawn."""
        super().__post_init__()
        if not 0 < self.weight < float("inf"):
            raise ValueError(
                f"column {self.heading}: weight {self.weight} is not a positive number"
            )


@dataclass(frozen=True)
class Table(_Clean):
    """Rows of texts under *columns*; None is a figure that was not obtained and prints as 未取得."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | None]]
    caption: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse a table whose rows and columns disagree."""
        super().__post_init__()
        if not self.columns:
            raise ValueError(f"table {self.caption}: it has no columns")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.caption}, row {number}: {len(row)} cells under "
                    f"{len(self.columns)} columns"
                )


@dataclass(frozen=True)
class Figure(_Clean):
    """A PNG picture; *width_ratio* is its share of the text width, *alt* says what it shows."""

    png: bytes
    caption: str
    alt: str
    width_ratio: float = 1.0

    def __post_init__(self) -> None:
        """Refuse bytes that are no PNG, which the renderers would report far from the cause."""
        super().__post_init__()
        if not self.png.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError(f"figure {self.caption}: the bytes are not a PNG picture")
        if not 0 < self.width_ratio <= 1:
            raise ValueError(
                f"figure {self.caption}: width_ratio {self.width_ratio} is not in (0, 1]"
            )


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Paragraph | Heading | Table | Figure | PageBreak


@dataclass(frozen=True)
class Annex(_Clean):
    """An attachment that is printed with its letter, each beginning a page (section 7.3.6)."""

    title: str
    blocks: Sequence[Block]

    def __post_init__(self) -> None:
        """Refuse pictures, which the renderers look for in the body alone."""
        super().__post_init__()
        if any(isinstance(block, Figure) for block in self.blocks):
            raise ValueError(f"annex {self.title}: an annex holds no figures")


@dataclass(frozen=True)
class Letter(_Clean):
    """A letter in the 信函格式 of GB/T 9704-2012, section 10.1.

    Without an *addressee* it is a notice to everybody (声明、公告). The last of *attachments*
    are the *annexes* that follow the signature, in the same order. *cautions* are sentences for the reviewer (an unverified quotation); they appear in the preview
    and never on the letter itself.
    """

    issuer: str
    title: str
    addressee: str | None
    body: Sequence[Block]
    signatory: str
    issued_on: date
    document_number: str | None = None
    secrecy: str | None = None
    urgency: str | None = None
    attachments: Sequence[str] = ()
    contact_note: str | None = None
    copied_to: Sequence[str] = ()
    is_sealed: bool = True
    watermark: str | None = None
    cautions: Sequence[str] = _notes()
    annexes: Sequence[Annex] = ()

    def annex_label(self, index: int) -> str:
        """Return 附件1, or 附件 when it is the only one: the number it has in the list."""
        number = len(self.attachments) - len(self.annexes) + index + 1
        return f"附件{number}" if len(self.attachments) > 1 else "附件"


@dataclass(frozen=True)
class Report(_Clean):
    """A report: an optional cover, titled sections (headings in *blocks*), closing notes."""

    title: str
    blocks: Sequence[Block]
    subtitle: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    has_cover: bool = False
    notes: Sequence[str] = _notes()
    watermark: str | None = None
    cautions: Sequence[str] = _notes()


Document = Letter | Report


def numbered(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* with 表1, 图1 … before the captions, counted separately in reading order."""
    tables = figures = 0
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and block.caption:
            tables += 1
            block = replace(block, caption=f"表{tables}\u3000{block.caption}")
        elif isinstance(block, Figure):
            figures += 1
            block = replace(block, caption=f"图{figures}\u3000{block.caption}")
        result.append(block)
    return result


def chinese_date(day: date) -> str:
    """Return 2026年1月5日: Arabic figures, no leading zeros (GB/T 9704-2012, section 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
