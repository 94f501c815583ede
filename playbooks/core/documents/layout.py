"""The measures of GB/T 9704-2012 that both renderers share, and what follows from them by arithmetic.

Lengths carry their unit. A *character* is the width of one 3号 (16 pt) character on the grid of 28 to a
line; a *line* is one of the 22 to a page.
"""

from __future__ import annotations

import math
import unicodedata

POINTS_PER_MM = 72 / 25.4

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37.0, 35.0, 28.0, 26.0
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156.0, 225.0
LINES, CHARACTERS = 22, 28

BODY_PT = 16.0  # 3号
TITLE_PT = 22.0  # 2号
SMALL_PT = 14.0  # 4号: page number, copied-to
TABLE_PT = 10.5  # 5号: not in the standard; the usual size in government tables
LINE_PT = TEXT_HEIGHT_MM * POINTS_PER_MM / LINES  # 28.99
CHARACTER_PT = TEXT_WIDTH_MM * POINTS_PER_MM / CHARACTERS  # 15.79
GAP_PT = BODY_PT * 7 / 8  # section 3.2: a line is a character's height and 7/8 of a 3号 character
TITLE_LINE_PT = TITLE_PT + GAP_PT

# Section 10.1, letter format.
MARK_TOP_MM = 30.0
RULE_BELOW_MARK_MM = 4.0
RULE_ABOVE_PAGE_END_MM = 20.0
RULE_LENGTH_MM = 170.0
RULE_THICK_PT, RULE_GAP_PT, RULE_THIN_PT = 2.25, 0.75, 0.75
PAGE_NUMBER_BELOW_TEXT_MM = 7.0
MARK_LARGEST_PT = (
    32.0  # a larger one would push the red lines past the first of the page's 22 lines
)
MARK_FOOT = 0.11  # of its size, from the foot of the drawn mark to the foot of its line

# Words of official titles: a line may well begin with one and must not break inside one.
_TITLE_WORDS = (
    "关于",
    "政务新媒体",
    "数据",
    "统计",
    "分析",
    "检查",
    "抽查",
    "情况",
    "通报",
    "报告",
    "账号",
    "假冒",
    "协助",
    "处置",
    "关停",
    "备案",
    "季度",
    "年度",
)
TITLE_CHARACTERS = 20  # 2号 characters that fit one line


def characters(text: str) -> float:
    """Return the width of *text* in characters: half for Latin letters and figures."""
    return sum(
        0.5 if unicodedata.east_asian_width(each) in ("H", "N", "Na") else 1.0 for each in text
    )


def mark_pt(issuer: str) -> float:
    """Return the size of the issuer mark （发文机关标志） that keeps it on one line of the text width."""
    widest = TEXT_WIDTH_MM * POINTS_PER_MM / max(characters(issuer), 1.0)
    return min(MARK_LARGEST_PT, math.floor(widest * 2) / 2)


def signature_indents(signatory: str, day: str, *, is_sealed: bool) -> tuple[float, float]:
    """Return the right indents, in characters, of the signatory and of the date.

    Sealed (section 7.3.5.1): the date four characters from the right, the signatory centred on it; a
    signatory too long for that stands at the margin with the date centred under it. Not sealed
    (7.3.5.2): the signatory two characters from the right, the date beginning two characters further
    right; a date longer than the signatory takes the two characters itself.
    """
    name_width, date_width = characters(signatory), characters(day)
    if is_sealed:
        name_indent = 4 + (date_width - name_width) / 2
        if name_indent >= 0:
            return name_indent, 4.0
        return 0.0, (name_width - date_width) / 2
    if name_width - date_width >= 2:
        return 2.0, name_width - date_width
    return date_width + 4 - name_width, 2.0


def title_lines(title: str) -> list[str]:
    """Split a title into lines of like length, at a place that reads well where one is near."""
    count = math.ceil(characters(title) / TITLE_CHARACTERS)
    lines: list[str] = []
    while count > 1:
        at = _break_near(title, count)
        lines.append(title[:at])
        title, count = title[at:], count - 1
    return [*lines, title]


def _break_near(title: str, count: int) -> int:
    """Return the index of the best first break of *title* into *count* lines."""
    whole, width = characters(title), 0.0
    best, best_cost = len(title), float("inf")
    for index in range(1, len(title)):
        width += characters(title[index - 1])
        fits = width <= TITLE_CHARACTERS and whole - width <= TITLE_CHARACTERS * (count - 1)
        cost = abs(width - whole / count) + _break_cost(title[:index], title[index:])
        if fits and cost < best_cost:
            best, best_cost = index, cost
    return best


def _break_cost(before: str, after: str) -> float:
    """Return how badly a title reads when broken between *before* and *after*, in characters."""
    last, first = before[-1], after[0]
    if first in ",。、；：）》”〕·？！’" or last in "\uff08《“〔‘":
        return 100.0
    if _joined(last, first) or any(_breaks(word, before, after) for word in _TITLE_WORDS):
        return 50.0
    if after.startswith("关于"):
        return 0.0
    if after.startswith(("《", "“", "\uff08", *_TITLE_WORDS)) or last in "》”、\uff09的":
        return 6.0
    return 12.0


def _joined(last: str, first: str) -> bool:
    """Whether a number or a Latin word, or a number and its 年, would be torn apart."""
    return last.isascii() and last.isalnum() and (first.isascii() or first in "年月日号第")


def _breaks(word: str, before: str, after: str) -> bool:
    return any(
        before.endswith(word[:cut]) and after.startswith(word[cut:]) for cut in range(1, len(word))
    )
