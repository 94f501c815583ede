"""WordprocessingML nodes: the few that documents are made of. Text goes in as text, never as XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from docx.oxml import OxmlElement  # pyright: ignore[reportUnknownVariableType]
from docx.oxml.ns import qn

from playbooks.core.documents.layout import CHARACTER_PT

TWIPS_PER_POINT = 20


class Element(Protocol):
    """What we use of an XML element; lxml itself publishes no types."""

    tag: str
    text: str | None

    def append(self, element: Element) -> None:
        """Add *element* as the last child."""
        ...

    def extend(self, elements: Iterable[Element]) -> None:
        """Add *elements* after the last child."""
        ...

    def insert(self, index: int, element: Element) -> None:
        """Put *element* before the child at *index*."""
        ...

    def remove(self, element: Element) -> None:
        """Take the child *element* out."""
        ...

    def set(self, key: str, value: str) -> None:
        """Set the attribute *key*."""
        ...

    def iter(self, tag: str) -> Iterator[Element]:
        """Yield every descendant named *tag*."""
        ...

    def __iter__(self) -> Iterator[Element]:
        """Yield the children."""
        ...

    def __len__(self) -> int:
        """Return the number of children."""
        ...

    def __getitem__(self, index: int) -> Element:
        """Return one child."""
        ...


def node(tag: str, *children: Element | None, **attributes: object) -> Element:
    """Return the element *tag* (``w:p``) with *children*; None is skipped.

    An attribute is written ``w_val=1`` for ``w:val="1"``; None leaves it out.
    """
    made = cast("Element", OxmlElement(tag))
    for name, value in attributes.items():
        if value is not None:
            prefixed = name.replace("_", ":", 1)
            made.set(qn(prefixed) if ":" in prefixed else name, str(value))
    made.extend(child for child in children if child is not None)
    return made


def run(text: str, *, character_style: str | None = None) -> Element:
    """Return a run holding *text* as it stands, spaces at its ends included."""
    words = node("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node("w:r", _style("w:rPr", "w:rStyle", character_style), words)


def lowered(words: Element, half_points: int) -> Element:
    """Return the run *words* with its text that much lower on the line."""
    properties = next(iter(words.iter(qn("w:rPr"))), None)
    if properties is None:
        properties = node("w:rPr")
        words.insert(0, properties)
    properties.append(node("w:position", w_val=-half_points))
    return words


def field(instruction: str) -> Element:
    """Return a field, for example the page number."""
    return node("w:fldSimple", run("1"), w_instr=instruction)


def paragraph(style: str, *content: Element, settings: tuple[Element, ...] = ()) -> Element:
    """Return a paragraph in *style*; *settings* are direct settings in schema order."""
    return node("w:p", node("w:pPr", node("w:pStyle", w_val=style), *settings), *content)


def indent(*, left: float = 0, right: float = 0, first: float = 0, hanging: float = 0) -> Element:
    """Return indents counted in characters of the grid.

    The unit ``…Chars`` (hundredths of a character) is what Word obeys; twips are for readers without it.
    """
    attributes: dict[str, object] = {}
    lengths = {"left": left, "right": right, "firstLine": first, "hanging": hanging}
    for name, characters in lengths.items():
        if characters:
            attributes[f"w_{name}Chars"] = round(characters * 100)
            attributes[f"w_{name}"] = twips(characters * CHARACTER_PT)
    return node("w:ind", **attributes)


def twips(points: float) -> int:
    """Return *points* in twentieths of a point."""
    return round(points * TWIPS_PER_POINT)


def border(edge: str, kind: str, eighths: int, space_pt: float) -> Element:
    """Return one red paragraph border; *eighths* of a point wide, *space_pt* from the text."""
    return node(
        "w:pBdr",
        node(f"w:{edge}", w_val=kind, w_sz=eighths, w_space=round(space_pt), w_color="FF0000"),
    )


def _style(properties: str, reference: str, style: str | None) -> Element | None:
    return node(properties, node(reference, w_val=style)) if style else None
