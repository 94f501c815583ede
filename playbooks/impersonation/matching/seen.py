"""A candidate's name in one of the ways it may be read."""

from __future__ import annotations

from dataclasses import dataclass

from playbooks.impersonation.matching.parsing import Parse


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate's name as one form of it reads.

    Attributes:
        text: folded, with pinyin syllables as single marks.
        parse: the text read as words.
        written: the name read as words before any parts were put together.
        odd_marks: marks of other scripts, widths and variants that were folded.
        hidden_marks: marks nobody can see.
        joined_parts: how many characters were put together from parts to get this form.
    """

    text: str
    parse: Parse
    written: Parse
    odd_marks: int = 0
    hidden_marks: int = 0
    joined_parts: int = 0
