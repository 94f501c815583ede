"""An HTML preview of a document: one self-contained page, no script, nothing fetched."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from playbooks.core.documents import layout
from playbooks.core.documents.model import (
    MISSING,
    Block,
    Document,
    Figure,
    Letter,
    chinese_date,
    numbered,
)


def render_html(document: Document) -> str:
    """Return the preview of *document*, with its cautions above the sheet.

    Every text is escaped by the template engine; pictures are inside the page.
    """
    is_letter = isinstance(document, Letter)
    return (
        _environment()
        .get_template("letter.html.j2" if is_letter else "report.html.j2")
        .render(
            document=document,
            missing=MISSING,
            blocks=numbered(document.body if is_letter else document.blocks),
            title_lines=layout.title_lines(document.title),
            mark_pt=layout.mark_pt(document.issuer or ""),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(chinese_date=chinese_date, kind=_kind, data_url=_data_url)
    return environment


def _kind(block: Block) -> str:
    return type(block).__name__


def _data_url(figure: Figure) -> str:
    return f"data:image/png;base64,{b64encode(figure.png).decode('ascii')}"
