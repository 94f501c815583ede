"""Numbers and accounts as people type several of them: ``3、5-8`` with any separator."""

from __future__ import annotations

from collections.abc import Sequence

from playbooks.core.documents.text import visible

MOST_AT_ONCE = 500
MOST_DIGITS = 15
_SEPARATORS = str.maketrans(dict.fromkeys("，、；;,\n\t", " ") | dict.fromkeys("－—–~～至", "-"))


def numbers_in(text: str) -> list[int]:
    """Return the numbers in what a person typed: ``3、5-8`` with any separator.

    Raises:
        ValueError: anything that is neither a number nor a range; the sentence quotes it.
    """
    found: dict[int, None] = {}
    for part in words_in(text):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and len(part) <= MOST_DIGITS):
            raise ValueError(f"「{visible(part, 40)}」不是编号；请写成 3、5-8")
        begin, end = int(first), int(last or first)
        if not 0 <= end - begin < MOST_AT_ONCE:
            raise ValueError(f"「{part}」的范围不对；从小到大，一次不超过 {MOST_AT_ONCE} 个")
        found |= dict.fromkeys(range(begin, end + 1))
    if len(found) > MOST_AT_ONCE:
        raise ValueError(f"一次不超过 {MOST_AT_ONCE} 个，现有 {len(found)} 个")
    return list(found)


def words_in(text: str) -> Sequence[str]:
    """Return the words in what a person typed, whatever separates them."""
    return text.translate(_SEPARATORS).replace(" - ", "-").split()
