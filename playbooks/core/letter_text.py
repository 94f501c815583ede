"""The text a letter template produced, read as a letter: ``key: value`` lines, then the body.

A line ``=== title`` in the body begins an annex: what follows is printed after the signature, on a page
of its own, and the title joins the list of attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from playbooks.core.documents.model import (
    Alignment,
    Annex,
    Block,
    Column,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Table,
)

VALUE_START = "\ue000"  # stands before every value
VALUE_BAR = "\ue001"  # stands for a bar inside a value

_SINGLE = (
    "issuer",
    "secrecy",
    "urgency",
    "document_number",
    "title",
    "addressee",
    "signatory",
    "issued_on",
    "contact_note",
)
_REPEATED = ("attachment", "copied_to")
_REQUIRED = ("issuer", "title", "signatory", "issued_on")
_NUMERAL = "[一二三四五六七八九十]+"
_HEADINGS = (
    re.compile(rf"{_NUMERAL}、[^。]*"),
    re.compile(rf"[\uff08(]{_NUMERAL}[\uff09)][^。]*"),
)
_PICTURE = re.compile(r"![a-z_]+")  # no value can be one: a value begins with VALUE_START
_RULER = re.compile(r":?-+:?")


def read_letter(
    template: str,
    rendered: str,
    *,
    figures: Mapping[str, Figure],
    cautions: Sequence[str],
    watermark: str | None,
    is_sealed: bool,
) -> Letter:
    """Return the letter in the text *rendered* from *template*.

    Raises:
        ValueError: a key is unknown, missing or said twice, a table is not one, a picture not there.
    """
    lines = [line.strip() for line in rendered.splitlines()]
    if lines[:1] != ["---"] or "---" not in lines[1:]:
        raise ValueError(f"{template}: it must begin with key: value lines between two lines ---")
    end = lines.index("---", 1)
    single, repeated = _read_keys(template, lines[1:end])
    body, *annexes = _parts([line for line in lines[end + 1 :] if line])
    laid = [
        Annex(_plain(part[0][3:]).strip(), list(_blocks(template, part[1:], {})))
        for part in annexes
    ]
    return Letter(
        issuer=single["issuer"],
        title=single["title"],
        addressee=single.get("addressee"),
        body=list(_blocks(template, body, figures)),
        signatory=single["signatory"],
        issued_on=date.fromisoformat(single["issued_on"]),
        document_number=single.get("document_number"),
        secrecy=single.get("secrecy"),
        urgency=single.get("urgency"),
        attachments=[*repeated["attachment"], *(annex.title for annex in laid)],
        contact_note=single.get("contact_note"),
        copied_to=repeated["copied_to"],
        is_sealed=is_sealed,
        watermark=watermark,
        cautions=cautions,
        annexes=laid,
    )


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of the body, then those of each annex, its heading line first."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("==="):
            parts.append([])
        parts[-1].append(line)
    return parts


def _read_keys(template: str, lines: Sequence[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    single: dict[str, str] = {}
    repeated: dict[str, list[str]] = {key: [] for key in _REPEATED}
    for line in filter(None, lines):
        key, _, value = line.partition(": ")
        text = _plain(value).strip()
        if not text or key in single:
            raise ValueError(f"{template}: the key {key} is said twice or has no value")
        if key in _REPEATED:
            repeated[key].append(text)
        elif key in _SINGLE:
            single[key] = text
        else:
            raise ValueError(f"{template}: {key} is not a key of a letter")
    absent = [key for key in _REQUIRED if key not in single]
    if absent:
        raise ValueError(f"{template}: missing {', '.join(absent)}")
    return single, repeated


def _blocks(template: str, lines: Sequence[str], figures: Mapping[str, Figure]) -> Iterator[Block]:
    table: list[str] = []
    for line in [*lines, ""]:
        if table and (line.startswith("|+") or not line.startswith("|")):
            yield _table(template, table)
            table = []
        if line.startswith("|"):
            table.append(line)
        elif _PICTURE.fullmatch(line):
            if line[1:] not in figures:
                raise ValueError(f"{template}: there is no figure {line[1:]}")
            yield figures[line[1:]]
        elif line:
            yield _text_block(line)


def _text_block(line: str) -> Heading | Paragraph:
    for level, pattern in enumerate(_HEADINGS, start=1):
        if pattern.fullmatch(line):
            return Heading(_plain(line), 1 if level == 1 else 2)
    return Paragraph(_plain(line))


def _table(template: str, lines: Sequence[str]) -> Table:
    """Read ``|+ caption``, headings, a ruler whose dashes are the column's weight, and rows."""
    caption = _plain(lines[0][2:]).strip() if lines[0].startswith("|+") else None
    rows = [_cells(line) for line in lines[1 if caption else 0 :]]
    if len(rows) < 2 or not all(_RULER.fullmatch(cell) for cell in rows[1]):
        raise ValueError(f"{template}: a table needs a heading line and a ruler |---|:---:|")
    columns = [
        Column(heading, _alignment(ruler), ruler.count("-"))
        for heading, ruler in zip(rows[0], rows[1], strict=True)
    ]
    return Table(columns, rows[2:], caption=caption)


def _cells(line: str) -> list[str]:
    return [_plain(cell).strip() for cell in line.strip("|").split("|")]


def _alignment(ruler: str) -> Alignment:
    if ruler.startswith(":") and ruler.endswith(":"):
        return "center"
    return "right" if ruler.endswith(":") else "left"


def _plain(text: str) -> str:
    return text.replace(VALUE_START, "").replace(VALUE_BAR, "|")
