"""A .docx of a document by GB/T 9704-2012: what the office edits, prints, signs and seals.

The official typefaces are declared by name and not embedded; templates/fontTable.xml names what an
office machine falls back to. Equal arguments give equal bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from playbooks.core.documents import layout
from playbooks.core.documents.docx_blocks import block_elements
from playbooks.core.documents.docx_page import (
    MARKS_LOWERED_HALF_POINTS,
    set_letter_head,
    set_up_page,
)
from playbooks.core.documents.docx_xml import Element, indent, lowered, node, paragraph, run
from playbooks.core.documents.model import Annex, Document, Letter, Report, chinese_date

_TEMPLATES = Path(__file__).parent / "templates"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; the real time is in the properties


def render_docx(document: Document, created_at: datetime) -> bytes:
    """Return the .docx of *document*; equal arguments give equal bytes.

    Args:
        document: the letter or report.
        created_at: aware instant written as the file's creation time.

    Raises:
        ValueError: *created_at* has no time zone.
    """
    if created_at.tzinfo is None:
        raise ValueError("created_at needs a time zone")
    word = docx.Document(BytesIO(_base()))
    body = cast("Element", word.element.body)  # pyright: ignore[reportUnknownMemberType]
    for element in list(body)[:-1]:
        body.remove(element)
    for element in _elements(word, document):
        body.insert(len(body) - 1, element)
    _set_properties(word, document, created_at)
    buffer = BytesIO()
    word.save(buffer)
    return _repacked(buffer.getvalue(), {})


def _elements(word: WordDocument, document: Document) -> Iterator[Element]:
    return _letter(word, document) if isinstance(document, Letter) else _report(word, document)


def _letter(word: WordDocument, letter: Letter) -> Iterator[Element]:
    section = set_up_page(word, first_page_differs=True, watermark=letter.watermark)
    set_letter_head(section, letter.issuer, letter.watermark)
    yield from _marks(letter)
    yield from _blank_lines(2)
    yield from _title(letter.title)
    yield from _blank_lines(1)
    if letter.addressee:
        yield paragraph("Normal", run(f"{letter.addressee}\uff1a"))
    closing = [*block_elements(word, letter.body), *_attachments(letter)]
    # What stands with the signature: the list of attachments with its blank line, and one text above.
    listed = len(letter.attachments) + 1 if letter.attachments else 0
    _keep_together(closing[-listed - 1 :])
    yield from closing
    yield from _signature(letter)
    if letter.contact_note:
        yield paragraph("Body", run(f"\uff08{letter.contact_note}\uff09"))
    for index, annex in enumerate(letter.annexes):
        yield from _annex(word, letter.annex_label(index), annex)
    if letter.copied_to:
        yield _copied_to(letter)


def _annex(word: WordDocument, label: str, annex: Annex) -> Iterator[Element]:
    """A page of its own: 附件1 flush left in 黑体, the title centred in the third line."""
    starts_page = node("w:pageBreakBefore")
    yield paragraph("Normal", run(label, character_style="Emphatic"), settings=(starts_page,))
    yield from _blank_lines(1)
    yield from _title(annex.title)
    yield from _blank_lines(1)
    yield from block_elements(word, annex.blocks)


def _marks(letter: Letter) -> Iterator[Element]:
    """Secrecy and urgency flush left, the number flush right of the first line, under the red line."""
    marks = [text for text in (letter.secrecy, letter.urgency) if text] or [""]
    for index, mark in enumerate(marks):
        content = [run(mark, character_style="Emphatic")]
        if index == 0 and letter.document_number:
            content += [node("w:r", node("w:tab")), run(letter.document_number)]
        yield paragraph("Marks", *(lowered(words, MARKS_LOWERED_HALF_POINTS) for words in content))


def _title(title: str) -> Iterator[Element]:
    yield paragraph("Title", *_lines(layout.title_lines(title)))


def _lines(lines: list[str]) -> Iterator[Element]:
    for index, line in enumerate(lines):
        if index:
            yield node("w:r", node("w:br"))
        yield run(line)


def _attachments(letter: Letter) -> Iterator[Element]:
    """One blank line below the text, two characters in; names align under each other, no full stop."""
    if not letter.attachments:
        return
    yield from _blank_lines(1)
    several = len(letter.attachments) > 1
    for index, name in enumerate(letter.attachments):
        label = "附件\uff1a" if index == 0 else ""
        number = f"{index + 1}." if several else ""
        # Two in, three for the label, one for the number: what does not fit hangs under the name.
        hanging = 1.0 if several else 0.0
        first = 3.0 + hanging if index == 0 else hanging
        settings = (indent(left=5 + hanging, hanging=first),)
        yield paragraph("Normal", run(label + number + name), settings=settings)


def _signature(letter: Letter) -> Iterator[Element]:
    """Signatory over date, kept together and on a page with text (section 7.3.5)."""
    day = chinese_date(letter.issued_on)
    name_indent, date_indent = layout.signature_indents(
        letter.signatory, day, is_sealed=letter.is_sealed
    )
    blanks = list(_blank_lines(2 if letter.is_sealed else 1))
    settings = (indent(right=name_indent), node("w:jc", w_val="right"))
    name = paragraph("Normal", run(letter.signatory), settings=settings)
    _keep_together([*blanks, name])
    yield from (*blanks, name)
    settings = (indent(right=date_indent), node("w:jc", w_val="right"))
    yield paragraph("Normal", run(day), settings=settings)


def _keep_together(paragraphs: Sequence[Element]) -> None:
    """Keep each paragraph on the page of the next: a signature stands on no page without text."""
    for each in paragraphs:
        if each.tag == qn("w:p"):
            each[0].insert(1, node("w:keepNext"))


def _copied_to(letter: Letter) -> Element:
    """A frame at the foot of the last page's text area: no rules, no printer's line."""
    frame = node(
        "w:framePr",
        w_w=round(layout.TEXT_WIDTH_MM * layout.POINTS_PER_MM * 20),
        w_hRule="auto",
        w_wrap="notBeside",
        w_vAnchor="margin",
        w_hAnchor="margin",
        w_xAlign="left",
        w_yAlign="bottom",
    )
    names = "\uff0c".join(letter.copied_to)
    return paragraph("CopiedTo", run(f"抄送\uff1a{names}。"), settings=(frame,))


def _report(word: WordDocument, report: Report) -> Iterator[Element]:
    set_up_page(word, first_page_differs=report.has_cover, watermark=report.watermark)
    yield from _report_head(report)
    yield from block_elements(word, report.blocks)
    if report.notes:
        yield paragraph("Note", run("说明", character_style="Emphatic"))
    for number, note in enumerate(report.notes, start=1):
        yield paragraph("Note", run(f"{number}.{note}"))


def _report_head(report: Report) -> Iterator[Element]:
    """Title, issuer and date: on a page of their own, or above the text."""
    yield from _blank_lines(5 if report.has_cover else 0)
    yield from _title(report.title)
    if report.subtitle:
        yield paragraph("Subtitle", run(report.subtitle))
    yield from _blank_lines(10 if report.has_cover else 0)
    for text in (report.issuer, chinese_date(report.issued_on) if report.issued_on else None):
        if text:
            yield paragraph("Normal", run(text), settings=(node("w:jc", w_val="center"),))
    if report.has_cover:
        yield paragraph("Note", node("w:r", node("w:br", w_type="page")))
    else:
        yield from _blank_lines(1)


def _blank_lines(count: int) -> Iterator[Element]:
    for _ in range(count):
        yield paragraph("Normal")


def _set_properties(word: WordDocument, document: Document, created_at: datetime) -> None:
    properties = word.core_properties
    instant = created_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = instant
    properties.title = document.title[:255]
    properties.author = properties.last_modified_by = (document.issuer or "")[:255]
    properties.comments, properties.revision = "", 1


@cache
def _base() -> bytes:
    """Return the library's empty document with our styles and font table in place of its own."""
    from docx.api import _default_docx_path  # pyright: ignore

    own = {
        f"word/{name}": (_TEMPLATES / name).read_bytes() for name in ("styles.xml", "fontTable.xml")
    }
    return _repacked(Path(_default_docx_path()).read_bytes(), own)


def _repacked(package: bytes, replaced: dict[str, bytes]) -> bytes:
    """Return the zip with fixed times and *replaced* members, so that equal content is equal bytes."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, replaced.get(name) or source.read(name))
    return buffer.getvalue()
