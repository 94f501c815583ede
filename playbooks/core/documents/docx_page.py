"""The page of a .docx: size, grid, first-page header and footer, page numbers, watermark.

The red double lines of a letter stand outside the type area. They are borders of paragraphs in the
header and footer of the first page, which every word processor keeps in place while the text is edited.
"""

from __future__ import annotations

from typing import cast

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.section import _BaseHeaderFooter as HeaderFooter  # pyright: ignore[reportPrivateUsage]
from docx.shared import Mm

from playbooks.core.documents import layout
from playbooks.core.documents.docx_xml import (
    Element,
    border,
    field,
    indent,
    node,
    paragraph,
    run,
    twips,
)

# 28.95 pt: the 22 lines of 28.99 pt rounded up to 580 twips would not fit the 225 mm, and both Word
# and LibreOffice would count 21.
GRID_LINE_TWIPS = 579
GRID_CHARACTER_SPACE = -848  # 4096ths of a point added to a 16 pt character: 28 in 156 mm

MARKS_LOWERED_HALF_POINTS = 4
"""From the red lines to the text under them 7/8 of a character: a line of exact height stands on four
fifths of it and so holds most of that distance itself; this is the rest."""

_NUMBER_FOOT_MM = (
    layout.BOTTOM_MM
    - layout.PAGE_NUMBER_BELOW_TEXT_MM
    - layout.SMALL_PT / layout.POINTS_PER_MM
    - layout.RULE_ABOVE_PAGE_END_MM
)  # from the foot of the page number to the footer's edge, where the lower red line of page 1 stands
_RULE_OVERHANG_PT = (layout.RULE_LENGTH_MM - layout.TEXT_WIDTH_MM) / 2 * layout.POINTS_PER_MM
_OFF_CENTRE_PT = (layout.LEFT_MM - layout.RIGHT_MM) / 2 * layout.POINTS_PER_MM

_WATERMARK = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
 path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>
<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>
</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>
</v:shapetype><v:shape id="watermark" type="#_x0000_t136" fillcolor="#d9d9d9" stroked="f"
 style="position:absolute;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:page;
mso-position-vertical:center;mso-position-vertical-relative:page">
<v:textpath style="font-family:黑体"/></v:shape></w:pict></w:r>"""


def set_up_page(word: WordDocument, *, first_page_differs: bool, watermark: str | None) -> Section:
    """Give the only section of *word* the official page, page numbers and watermark."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(layout.TOP_MM), Mm(layout.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(layout.LEFT_MM), Mm(layout.RIGHT_MM)
    section.header_distance = Mm(layout.MARK_TOP_MM)
    section.footer_distance = Mm(layout.RULE_ABOVE_PAGE_END_MM)
    properties = cast("Element", section._sectPr)  # pyright: ignore
    for grid in list(properties.iter(qn("w:docGrid"))):
        properties.remove(grid)
    section.different_first_page_header_footer = first_page_differs
    properties.append(
        node(
            "w:docGrid",
            w_type="linesAndChars",
            w_linePitch=GRID_LINE_TWIPS,
            w_charSpace=GRID_CHARACTER_SPACE,
        )
    )
    word.settings.odd_and_even_pages_header_footer = True
    _fill(section.footer, _page_number("right"))
    _fill(section.even_page_footer, _page_number("left"))
    _fill(section.header, _header_line(watermark))
    _fill(section.even_page_header, _header_line(watermark))
    if first_page_differs:
        _fill(section.first_page_header, _header_line(watermark))
        _fill(section.first_page_footer, paragraph("Footer"))
    return section


def set_letter_head(section: Section, issuer: str, watermark: str | None) -> None:
    """Put the issuer's mark and the two red double lines on the first page (section 10.1)."""
    size = layout.mark_pt(issuer)
    mark = paragraph(
        "Mark",
        run(issuer),
        settings=(
            border(
                *("bottom", "thickThinSmallGap", 24),
                layout.RULE_BELOW_MARK_MM * layout.POINTS_PER_MM - layout.MARK_FOOT * size,
            ),
            node("w:spacing", w_line=twips(size), w_lineRule="exact"),
            _rule_indent(),
        ),
    )
    for words in mark.iter(qn("w:r")):
        words.insert(0, node("w:rPr", node("w:sz", w_val=round(size * 2))))
    # The head ends within the first of the 22 lines: LibreOffice centres the grid in what is left of
    # the page, and anything more would move all of it down by as much as half a line. The text under
    # the red lines is lowered instead (see ``MARKS_LOWERED_HALF_POINTS``).
    spacer = paragraph("Spacer", settings=(_exactly(1),))
    _fill(section.first_page_header, mark, spacer, watermark=watermark)
    rule = paragraph(
        "Spacer",
        settings=(border("bottom", "thinThickSmallGap", 24, 0), _exactly(2), _rule_indent()),
    )
    _fill(section.first_page_footer, rule)


def _rule_indent() -> Element:
    """170 mm centred on the page, while the text area is 1 mm off its centre."""
    return node(
        "w:ind",
        w_left=-twips(_RULE_OVERHANG_PT + _OFF_CENTRE_PT),
        w_right=-twips(_RULE_OVERHANG_PT - _OFF_CENTRE_PT),
    )


def _exactly(points: float) -> Element:
    return node("w:spacing", w_line=twips(points), w_lineRule="exact")


def _page_number(side: str) -> Element:
    """4号 half-width figures between dashes, odd right and even left, one character from the edge."""
    one = layout.SMALL_PT / layout.CHARACTER_PT
    after = node(
        "w:spacing",
        w_after=twips(_NUMBER_FOOT_MM * layout.POINTS_PER_MM),
        w_line=twips(layout.SMALL_PT),
        w_lineRule="exact",
    )
    inward = indent(right=one) if side == "right" else indent(left=one)
    settings = (after, inward, node("w:jc", w_val=side))
    return paragraph("PageNumber", run("— "), field("PAGE"), run(" —"), settings=settings)


def _header_line(watermark: str | None) -> Element:
    line = paragraph("Header")
    if watermark:
        line.append(_watermark_run(watermark))
    return line


def _watermark_run(text: str) -> Element:
    height = min(120, 420 / len(text))
    made = cast(
        "Element",
        parse_xml(_WATERMARK.format(width=round(height * len(text)), height=round(height))),
    )
    path = next(made.iter("{urn:schemas-microsoft-com:vml}shape"))[0]
    path.set("string", text)
    return made


def _fill(part: HeaderFooter, *lines: Element, watermark: str | None = None) -> None:
    """Replace what a header or footer holds."""
    element = cast("Element", part._element)  # pyright: ignore
    for child in list(element):
        element.remove(child)
    element.extend(lines)
    if watermark:
        lines[-1].append(_watermark_run(watermark))
