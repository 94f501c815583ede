"""A letter from a template: strict, sandboxed, and with outside text as values only.

A template ``playbooks/<playbook>/letters/<name>.j2`` is plain text in Chinese: lines ``key: value``
between two lines ``---``, then the body. In the body a line beginning with 一、 or （一） is a heading,
lines beginning with ``|`` are a table, ``=== title`` begins an annex, any other line is a paragraph. Quotations of law come from
``basis.yml`` beside it; one that nobody has compared with the published original adds a caution for
the reviewer. A line ``!name`` is the picture of that name among the fact ``figures``. A fact that is missing, or None, stops the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import yaml
from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from playbooks.core.documents.model import (
    MISSING,
    Block,
    Figure,
    Heading,
    Letter,
    PageBreak,
    Paragraph,
    Table,
    chinese_date,
)
from playbooks.core.documents.text import PARAGRAPH_LIMIT, visible
from playbooks.core.letter_text import VALUE_BAR, VALUE_START, read_letter

PLAYBOOKS = Path(__file__).parent.parent
_TEMPLATE = re.compile(r"([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)")
_OFFICE = ZoneInfo("Asia/Shanghai")


class Quotations(dict[str, Mapping[str, object]]):
    """The quotations of one ``basis.yml``; remembers which of them a letter used."""

    def __init__(self, entries: Mapping[str, Mapping[str, object]]) -> None:
        """Start with nothing used."""
        super().__init__(entries)
        self.used: list[str] = []

    def __getitem__(self, name: str) -> Mapping[str, object]:
        """Return the quotation *name* and note that it was used."""
        if name not in self.used:
            self.used.append(name)
        return super().__getitem__(name)

    def cautions(self) -> list[str]:
        """Return the cautions of the quotations used that were never verified."""
        return [
            str(entry["caution"])
            for entry in (super(Quotations, self).__getitem__(name) for name in self.used)
            if entry["verified_on"] is None
        ]


def render_letter(
    template: str,
    facts: Mapping[str, object],
    *,
    watermark: str | None = None,
    is_sealed: bool = True,
    playbooks: Path = PLAYBOOKS,
) -> Letter:
    """Return the letter that *template* makes of *facts*.

    Args:
        template: ``<playbook>/<name>``, for example ``impersonation/platform``.
        facts: values by name; instants are aware, days are dates.
        watermark: 草稿, 演练 or the like.
        is_sealed: whether the letter will carry a seal, which moves the signature.
        playbooks: the folder of the playbooks.

    Raises:
        jinja2.UndefinedError: a fact is missing or None; the message names it.
        jinja2.TemplateNotFound: no such template.
        ValueError: *template* is no template name, or its text is no letter.
    """
    named = _TEMPLATE.fullmatch(template)
    if named is None:
        raise ValueError(
            f"{visible(template)}: a template is named <playbook>/<name> in a-z, 0-9 and _"
        )
    folder = playbooks / named[1] / "letters"
    quotations = Quotations(_basis(folder))
    rendered = (
        _environment(folder).get_template(f"{named[2]}.j2").render({**facts, "basis": quotations})
    )
    return read_letter(
        template,
        rendered,
        figures=cast("Mapping[str, Figure]", facts.get("figures", {})),
        cautions=quotations.cautions(),
        watermark=watermark,
        is_sealed=is_sealed,
    )


def text_of(letter: Letter) -> str:
    """Return the whole letter as plain text: what the golden tests and the digest cover."""
    marks = (letter.issuer, letter.secrecy, letter.urgency, letter.document_number)
    parts = [mark for mark in marks if mark]
    parts += ["", letter.title, ""]
    parts += [f"{letter.addressee}\uff1a"] if letter.addressee else []
    parts += [line for block in letter.body for line in _lines(block)]
    several = len(letter.attachments) > 1
    for number, name in enumerate(letter.attachments, start=1):
        label = "附件\uff1a" if number == 1 else "\u3000\u3000\u3000"
        ordinal = f"{number}." if several else ""
        parts.append(f"\u3000\u3000{label}{ordinal}{name}")
    parts += ["", letter.signatory, chinese_date(letter.issued_on)]
    if letter.contact_note:
        parts.append(f"\uff08{letter.contact_note}\uff09")
    for index, annex in enumerate(letter.annexes):
        parts += ["", letter.annex_label(index), annex.title]
        parts += [line for block in annex.blocks for line in _lines(block)]
    if letter.copied_to:
        parts += ["", "抄送\uff1a" + "\uff0c".join(letter.copied_to) + "。"]
    return "\n".join(parts) + "\n"


def digest(letter: Letter) -> str:
    """Return ``SHA-256:…`` of the letter's text, which a signature in the ledger refers to."""
    return f"SHA-256:{sha256(text_of(letter).encode()).hexdigest()}"


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph():
            return [("\u3000\u3000" if block.style == "body" else "") + block.text]
        case Heading():
            return [f"\u3000\u3000{block.text}"]
        case Table():
            rows = [[column.heading for column in block.columns], *block.rows]
            caption = [block.caption] if block.caption else []
            return caption + [
                "| " + " | ".join(MISSING if cell is None else cell for cell in row) + " |"
                for row in rows
            ]
        case Figure():
            return [f"[{block.caption} SHA-256:{sha256(block.png).hexdigest()}]"]
        case PageBreak():
            return []


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # plain text; each renderer escapes for its own format
        finalize=_value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # or an included file would run into the next line
    )
    filters: dict[str, Callable[..., object]] = {
        "chinese_date": chinese_date,
        "chinese_time": _chinese_time,
        "or_missing": _or_missing,
        "sentence": _sentence,
    }
    environment.filters.update(filters)
    return environment


def _value(value: object) -> str:
    """Return a value as it enters a letter: visible, on one line, and recognisable as a value.

    The two private characters cannot come from outside, because ``visible`` writes those out. They
    keep a value from beginning a heading or a key, and its bars from dividing a table cell.
    """
    if value is None:
        raise UndefinedError("a fact of this letter is None; give it, or let the template say so")
    return VALUE_START + visible(str(value), PARAGRAPH_LIMIT).replace("|", VALUE_BAR)


def _chinese_time(instant: datetime) -> str:
    """Return 2026年1月5日9时05分 in the office's time zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant}: an instant needs a time zone")
    local = instant.astimezone(UTC).astimezone(_OFFICE)
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02d}分"


def _sentence(value: object) -> object:
    """Return what somebody typed with a full stop at its end, unless it ends like a sentence already."""
    text = "" if value is None else str(value).rstrip()
    is_whole = re.search("[。！？；…：.!?;:][”’」』）)》]*$", text)
    return text if not text or is_whole else f"{text}。"


def _or_missing(value: object) -> object:
    return MISSING if value is None or value == "" else value


@cache
def _basis(folder: Path) -> Mapping[str, Mapping[str, object]]:
    """Return the quotations of ``basis.yml``; each says when it was verified, or carries a caution."""
    path = folder / "basis.yml"
    if not path.is_file():
        return {}
    entries = cast(
        "dict[str, dict[str, object]]",
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
    )
    for name, entry in entries.items():
        verified_on = entry["verified_on"]
        if verified_on is None and not entry.get("caution"):
            raise ValueError(f"{path}, {name}: an unverified quotation needs a caution")
        if verified_on is not None and not isinstance(verified_on, date):
            raise ValueError(f"{path}, {name}: verified_on {verified_on} is not a date")
    return entries
