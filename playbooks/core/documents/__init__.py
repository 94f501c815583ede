"""Documents: one model, rendered to .docx, PDF and an HTML preview.

The renderers are loaded when first asked for, so that naming a model costs a flow no start-up time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from playbooks.core.documents.model import (
    MISSING,
    Annex,
    Block,
    Column,
    Document,
    Figure,
    Heading,
    Letter,
    PageBreak,
    Paragraph,
    Report,
    Table,
)
from playbooks.core.documents.text import visible

if TYPE_CHECKING:
    from playbooks.core.documents.docx import render_docx
    from playbooks.core.documents.html import render_html
    from playbooks.core.documents.pdf import pdf_warnings, render_pdf

__all__ = [
    "MISSING",
    "Annex",
    "Block",
    "Column",
    "Document",
    "Figure",
    "Heading",
    "Letter",
    "PageBreak",
    "Paragraph",
    "Report",
    "Table",
    "pdf_warnings",
    "render_docx",
    "render_html",
    "render_pdf",
    "visible",
]

_RENDERERS = {
    "render_docx": "docx",
    "render_html": "html",
    "render_pdf": "pdf",
    "pdf_warnings": "pdf",
}


def __getattr__(name: str) -> object:
    """Load the module of a renderer the first time it is named."""
    if name not in _RENDERERS:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_RENDERERS[name]}"), name)
