"""PDF of a document by Typst, with embedded fonts and the same bytes on every machine.

The template is ours; the document reaches it as JSON in a file beside it, so no outside text is ever
read as Typst markup. Nothing is fetched: fonts come from the package or the configured folder.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from playbooks.core.documents import layout
from playbooks.core.documents.fonts import (
    FontSet,
    coverage,
    drawable,
    find_fonts,
    typst_fonts,
    unsupported,
)
from playbooks.core.documents.model import (
    MISSING,
    Block,
    Document,
    Figure,
    Heading,
    Letter,
    PageBreak,
    Paragraph,
    Report,
    Table,
    chinese_date,
    numbered,
)

_TEMPLATES = Path(__file__).parent / "templates"
Json = dict[str, object]


def render_pdf(document: Document, created_at: datetime, fonts: FontSet | None = None) -> bytes:
    """Return the PDF of *document*; equal arguments give equal bytes.

    Args:
        document: the letter or report.
        created_at: aware instant written as the file's creation time.
        fonts: the fonts to use; by default those of the package.

    Raises:
        ValueError: *created_at* has no time zone.
        typst.TypstError: a picture that cannot be decoded.
    """
    import typst

    if created_at.tzinfo is None:
        raise ValueError("created_at needs a time zone")
    chosen = fonts or find_fonts()
    with tempfile.TemporaryDirectory(prefix="juzhen-pdf-") as name:
        folder = Path(name)
        _write_inputs(document, folder, chosen)
        compiler = typst.Compiler(
            input=str(folder / "main.typ"), root=str(folder), font_paths=typst_fonts(chosen.folder)
        )
        result = compiler.compile(format="pdf", timestamp=created_at.replace(microsecond=0))
    if not isinstance(result, bytes):
        raise TypeError("Typst returned no single PDF file")
    return result


def pdf_warnings(document: Document, fonts: FontSet | None = None) -> list[str]:
    """Return sentences for the user: missing official typefaces, characters no font can draw."""
    chosen = fonts or find_fonts()
    sentence = chosen.missing_sentence()
    shown = _strings(_document_json(document))
    return ([sentence] if sentence else []) + unsupported(shown, coverage(chosen.folder))


def _write_inputs(document: Document, folder: Path, fonts: FontSet) -> None:
    for source in _TEMPLATES.glob("*.typ"):
        (folder / source.name).write_bytes(source.read_bytes())
    kind = "letter" if isinstance(document, Letter) else "report"
    (folder / "main.typ").write_text(f'#include "{kind}.typ"\n', encoding="utf-8")
    data = _drawable(_document_json(document), coverage(fonts.folder))
    measures = {name.lower(): value for name, value in vars(layout).items() if name.isupper()}
    inputs = {"document": data, "fonts": fonts.families, "measures": measures}
    (folder / "data.json").write_text(json.dumps(inputs, ensure_ascii=False), encoding="utf-8")
    figures = [block for block in _blocks(document) if isinstance(block, Figure)]
    for number, figure in enumerate(figures, start=1):
        (folder / f"figure-{number}.png").write_bytes(figure.png)


def _blocks(document: Document) -> Sequence[Block]:
    return document.body if isinstance(document, Letter) else document.blocks


def _document_json(document: Document) -> Json:
    return _letter_json(document) if isinstance(document, Letter) else _report_json(document)


def _letter_json(letter: Letter) -> Json:
    day = chinese_date(letter.issued_on)
    name_indent, date_indent = layout.signature_indents(
        letter.signatory, day, is_sealed=letter.is_sealed
    )
    return {
        "issuer": letter.issuer,
        "mark_pt": layout.mark_pt(letter.issuer),
        "marks": [text for text in (letter.secrecy, letter.urgency) if text],
        "document_number": letter.document_number,
        "title": letter.title,
        "title_lines": layout.title_lines(letter.title),
        "addressee": letter.addressee,
        "blocks": _blocks_json(letter.body),
        "attachments": letter.attachments,
        "signatory": letter.signatory,
        "signatory_indent": name_indent,
        "issued_on": day,
        "issued_on_indent": date_indent,
        "lines_above_signature": 2 if letter.is_sealed else 1,
        "contact_note": letter.contact_note,
        "copied_to": letter.copied_to,
        "watermark": letter.watermark,
        "annexes": [
            {
                "label": letter.annex_label(index),
                "title_lines": layout.title_lines(annex.title),
                "blocks": _blocks_json(annex.blocks),
            }
            for index, annex in enumerate(letter.annexes)
        ],
    }


def _report_json(report: Report) -> Json:
    return {
        "title": report.title,
        "title_lines": layout.title_lines(report.title),
        "subtitle": report.subtitle,
        "issuer": report.issuer,
        "issued_on": chinese_date(report.issued_on) if report.issued_on else None,
        "has_cover": report.has_cover,
        "blocks": _blocks_json(report.blocks),
        "notes": report.notes,
        "watermark": report.watermark,
    }


def _blocks_json(blocks: Sequence[Block]) -> list[Json]:
    result: list[Json] = []
    figures = 0
    for block in numbered(blocks):
        figures += isinstance(block, Figure)
        result.append(_block_json(block, figures))
    return result


def _block_json(block: Block, figure_number: int) -> Json:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "style": block.style}
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Figure():
            return {
                "kind": "figure",
                "file": f"figure-{figure_number}.png",
                "caption": block.caption,
                "alt": block.alt,
                "width_ratio": block.width_ratio,
            }
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "note": block.note,
                "headings": [column.heading for column in block.columns],
                "alignments": [column.alignment for column in block.columns],
                "weights": [column.weight for column in block.columns],
                "rows": [[MISSING if cell is None else cell for cell in row] for row in block.rows],
            }
        case PageBreak():
            return {"kind": "page_break"}


def _drawable(value: object, drawn: frozenset[int]) -> object:
    if isinstance(value, str):
        return drawable(value, drawn)
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return [_drawable(item, drawn) for item in items]
    if isinstance(value, dict):
        pairs = cast("Json", value)
        return {key: _drawable(item, drawn) for key, item in pairs.items()}
    return value


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        items = (
            cast("Json", value).values()
            if isinstance(value, dict)
            else cast("Sequence[object]", value)
        )
        for item in items:
            yield from _strings(item)
