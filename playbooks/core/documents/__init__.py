"""Documents: one model, rendered to .docx, PDF and an HTML preview."""

from playbooks.core.documents.docx import render_docx
from playbooks.core.documents.html import render_html
from playbooks.core.documents.model import (
    MISSING,
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
from playbooks.core.documents.pdf import pdf_warnings, render_pdf
from playbooks.core.documents.text import visible

__all__ = [
    "MISSING",
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
