"""Text for chat platforms: nothing unseen, nothing that calls everybody, cut by bytes where one sees it.

Every text is an attacker's: an impostor chooses its display name knowing that it will be shown in a
group. The Chinese platforms document no way to escape their markup, so a character that could start
markup is replaced by its full-width twin, which reads the same and does nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from connectors.chat import ChatMessage, Severity

CUT_MARK = "…（已截断）"
SEVERITY_MARKS: dict[Severity, str] = {"info": "", "warning": "【提醒】", "critical": "【紧急】"}
MAX_LINK = 2000
MAX_TITLE_BYTES = 240
FULL_WIDTH_SHIFT = 0xFEE0

Measure = Callable[[str], int]

_LOUD_WORD = re.compile(
    r"@(?=\s*(?:(?:here|channel|everyone|group|all)\b|所有人|全体|全员))", re.IGNORECASE
)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def clean(text: str) -> str:
    """Return *text* on one line, without control, direction and other invisible characters."""
    spaced = re.sub(r"[\s\u2028\u2029]+", " ", text)
    shown = "".join(one for one in spaced if unicodedata.category(one) not in {"Cc", "Cf", "Cs"})
    return _LOUD_WORD.sub("＠", shown).strip()


def inert(text: str, marks: str) -> str:
    """Return cleaned text in which no address is a link and each of the ASCII *marks* is full-width."""
    shown = clean(text).replace("://", "：//")
    return shown.translate({ord(mark): chr(ord(mark) + FULL_WIDTH_SHIFT) for mark in marks})


def utf8_bytes(text: str) -> int:
    """Return the length of *text* in UTF-8."""
    return len(text.encode("utf-8"))


def json_bytes(text: str) -> int:
    """Return the length of *text* within a JSON body in UTF-8, where quotes take two bytes."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8")) - 2


def cut(text: str, limit: int, measure: Measure = utf8_bytes) -> str:
    """Return *text* within *limit* bytes, cut between characters and marked when longer."""
    if measure(text) <= limit:
        return text
    room = limit - measure(CUT_MARK)
    kept = text[: max(room, 0)]  # no character takes less than a byte
    while kept and measure(kept) > room:
        # An accent must not be torn from its letter, nor the search take a step a byte.
        kept = kept[: -max(1, (measure(kept) - room) // 6)]
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept + CUT_MARK


def packed(
    lines: Sequence[str], tail: Sequence[str], limit: int, measure: Measure, joint: str = "\n"
) -> str:
    """Join *lines* and *tail* within *limit* bytes; what does not fit of *lines* is cut visibly.

    The *tail*, which holds the link and the people called, is kept whole.
    """
    end = joint.join(tail)
    room = limit - (measure(joint + end) if end else 0)
    kept: list[str] = []
    for number, line in enumerate(lines):
        used = measure(joint.join([*kept, ""]))
        reserve = measure(f"{joint}{CUT_MARK}其余 {len(lines)} 行未显示")
        is_last = number == len(lines) - 1
        if used + measure(line) + (0 if is_last else reserve) > room:
            kept.append(_rest(line, room - used, len(lines) - number, joint, measure))
            break
        kept.append(line)
    return joint.join([*kept, *tail])


def title_of(message: ChatMessage, marks: str) -> str:
    """Return the title with its word of severity, inert and within what every platform takes."""
    shown = inert(message.title, marks) or "（无标题）"
    return cut(f"{SEVERITY_MARKS[message.severity]}{shown}", MAX_TITLE_BYTES)


def lines_of(message: ChatMessage, marks: str) -> list[str]:
    """Return the body's lines, inert, empty ones left out."""
    return [line for line in (inert(one, marks) for one in message.lines) if line]


def called(given: Sequence[str], form: re.Pattern[str]) -> list[str]:
    """Return those of *given* that have the platform's form of a user id, each once, 50 at most.

    A word that calls everybody never passes.
    """
    sound = (one for one in given if form.fullmatch(one) and one.lower() not in ("all", "@all"))
    return list(dict.fromkeys(sound))[:50]


def mobiles_of(message: ChatMessage) -> list[str]:
    """Return the mainland mobile numbers to call, each once."""
    return called(message.mobiles, _MOBILE)


def is_link_usable(url: str | None, limit: int = MAX_LINK) -> bool:
    """Return whether *url* is a plain http or https address of at most *limit* characters."""
    if not url or len(url) > limit or url != clean(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _rest(line: str, room: int, left: int, joint: str, measure: Measure) -> str:
    """Return as much of *line* as goes into *room*, and how many lines are not shown after it."""
    others = f"{joint}其余 {left - 1} 行未显示" if left > 1 else ""
    space = room - measure(others)
    if space < 3 * measure(CUT_MARK):
        return f"{CUT_MARK}其余 {left} 行未显示"
    return cut(line, space, measure) + others
