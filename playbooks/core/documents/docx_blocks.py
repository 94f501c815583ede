"""Blocks of a document as WordprocessingML: paragraphs, headings, tables, figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import cast

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm

from playbooks.core.documents import layout
from playbooks.core.documents.docx_xml import Element, node, paragraph, run, twips
from playbooks.core.documents.model import (
    MISSING,
    Block,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    numbered,
)

_STYLES = {"body": "Body", "flush": "Normal", "note": "Note"}
_WIDE_TABLE = 7  # columns; beyond it the smaller size


def block_elements(word: WordDocument, blocks: Sequence[Block]) -> Iterator[Element]:
    """Yield the elements of *blocks*; pictures are added to the package of *word*."""
    for block in numbered(blocks):
        match block:
            case Paragraph():
                yield paragraph(_STYLES[block.style], run(block.text))
            case Heading():
                yield paragraph(f"Heading{block.level}", run(block.text))
            case Table():
                yield from _table(block)
            case Figure():
                yield from _figure(word, block)
            case PageBreak():
                yield paragraph("Note", node("w:r", node("w:br", w_type="page")))


def _table(table: Table) -> Iterator[Element]:
    if table.caption:
        yield paragraph("Caption", run(table.caption), settings=(node("w:keepNext"),))
    widths = _widths([column.weight for column in table.columns])
    style = "TableTextSmall" if len(widths) > _WIDE_TABLE else "TableText"
    headings = [
        _cell(column.heading, width, style, "center", is_heading=True)
        for column, width in zip(table.columns, widths, strict=True)
    ]
    header = node("w:tr", node("w:trPr", node("w:cantSplit"), node("w:tblHeader")), *headings)
    yield node(
        "w:tbl",
        node(
            "w:tblPr",
            node("w:tblStyle", w_val="TableGrid"),
            node("w:tblW", w_w=sum(widths), w_type="dxa"),
            node("w:jc", w_val="center"),
            node("w:tblLayout", w_type="fixed"),
        ),
        node("w:tblGrid", *(node("w:gridCol", w_w=width) for width in widths)),
        header,
        *(_row(table, row, widths, style) for row in table.rows),
    )
    # Word joins two tables that touch, and needs a paragraph after the last one.
    yield paragraph("Note", *([run(table.note)] if table.note else []))


def _row(table: Table, row: Sequence[str | None], widths: list[int], style: str) -> Element:
    cells = [
        _cell(MISSING if text is None else text, width, style, column.alignment)
        for text, width, column in zip(row, widths, table.columns, strict=True)
    ]
    return node("w:tr", node("w:trPr", node("w:cantSplit")), *cells)


def _cell(
    text: str, width: int, style: str, alignment: str, *, is_heading: bool = False
) -> Element:
    words = run(text, character_style="Emphatic" if is_heading else None)
    return node(
        "w:tc",
        node("w:tcPr", node("w:tcW", w_w=width, w_type="dxa"), node("w:vAlign", w_val="center")),
        paragraph(style, words, settings=(node("w:jc", w_val=alignment),)),
    )


def _widths(weights: Sequence[float]) -> list[int]:
    whole = twips(layout.TEXT_WIDTH_MM * layout.POINTS_PER_MM)
    return [int(whole * weight / sum(weights)) for weight in weights]


def _figure(word: WordDocument, figure: Figure) -> Iterator[Element]:
    holder = word.add_paragraph()
    shape = holder.add_run().add_picture(
        BytesIO(figure.png), width=Mm(layout.TEXT_WIDTH_MM * figure.width_ratio)
    )
    # python-docx has no public way to the alternative text, nor to move a paragraph.
    inline = cast("Element", shape._inline)  # pyright: ignore
    next(inline.iter(qn("wp:docPr"))).set("descr", figure.alt)
    element = cast("Element", holder._p)  # pyright: ignore
    cast("Element", word.element.body).remove(element)  # pyright: ignore
    yield paragraph("Picture", *element.iter(qn("w:r")))
    yield paragraph("Caption", run(figure.caption))
