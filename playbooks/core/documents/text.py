"""Outside text made safe to set: nothing in it can hide, reverse, break a line or run on for ever.

An impostor chooses its display name knowing that it will be printed in letters and tables. Every text
of the document model passes through :func:`visible` once, when the model is built, so that no renderer
has to remember it. The function is idempotent.
"""

from __future__ import annotations

import re
import unicodedata

LABEL_LIMIT = (
    300  # a name, a title, a table cell: longer ones would push everything else off the page
)
NOTE_LIMIT = 2_000
PARAGRAPH_LIMIT = 20_000

# Categories that draw nothing, or change how neighbours are drawn: control, format (bidi overrides,
# zero-width joiners, tags), private use, surrogates, line and paragraph separators.
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
# Letters and marks that are nevertheless drawn as nothing (Unicode property
# Default_Ignorable_Code_Point, less the categories above), and the blank braille pattern.
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
_CUT = re.compile(r"……（原文共(\d{1,9})字，已截断）$")
_MARKS_IN_A_ROW = 3  # enough for any script; more is a tower of accents over the neighbouring lines
_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_PLAIN = re.compile(r"[ -~\u3000-\u3029\u3030\u4e00-\u9fff\uff01-\uff5e“”‘’…—·]*")


def visible(text: str, limit: int = NOTE_LIMIT) -> str:
    """Return *text* on one line with everything unseen written out, as in ``‹U+202E›``.

    Line breaks and tabs become one space. Text longer than *limit* characters is cut, and says so
    within the limit; of one that was cut before, the note keeps telling the first length.

    Raises:
        ValueError: *limit* is under 40 characters, too few to say that something was cut.
    """
    if limit < 40:
        raise ValueError(f"a limit of {limit} characters cannot hold the sentence about the cut")
    # Cut first, generously, so that a hostile megabyte costs nothing; the rest is cut after writing out.
    head = _BREAKS.sub(" ", text[: 2 * limit])
    if not _PLAIN.fullmatch(head):
        head = "".join(_written_out(head))
    if len(text) <= 2 * limit and len(head) <= limit:
        return head
    cut_before = _CUT.search(text)
    length = cut_before[1] if cut_before else str(len(text))
    note = f"……（原文共{length}字，已截断）"
    return head[: limit - len(note)] + note


def code_point(character: str) -> str:
    """Return ``‹U+202E›`` for the one *character*."""
    return f"‹U+{ord(character):04X}›"


def _written_out(text: str) -> list[str]:
    pieces: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        hidden = marks > _MARKS_IN_A_ROW or _is_hidden(character, category)
        pieces.append(code_point(character) if hidden else character)
    return pieces


def _is_hidden(character: str, category: str) -> bool:
    if category in _HIDDEN_CATEGORIES or _HIDDEN.match(character):
        return True
    if category == "Zs":
        return character not in " \u3000"
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF  # noncharacters: illegal in XML
