"""One message of the fake Slack, and the limits Slack holds it to (platforms.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

Block = Mapping[str, object]

MOST_TEXT = 40_000
MOST_BLOCKS = 50
# Not documented, observed: the text of all blocks together (slackapi/bolt-js issue 2509).
MOST_BLOCK_TEXT = 13_200
MOST_SECTION_TEXT = 3_000
MOST_HEADER_TEXT = 150
MOST_FIELDS = 10
MOST_FIELD_TEXT = 2_000
MOST_CONTEXT_ELEMENTS = 10
MOST_ACTION_ELEMENTS = 25
MOST_BUTTON_TEXT = 75
MOST_VIEW_TITLE = 24
MOST_VIEW_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One stored message; ``ts`` is its id within the channel, seconds with six decimals.

    ``sent_by`` is ``api`` or ``webhook``; ``text`` is as sent, Slack's own escapes included.
    """

    channel: str
    ts: str
    text: str
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, object] | None = None
    thread_ts: str | None = None
    sent_by: str = "api"
    is_edited: bool = False


def refusal(text: str, blocks: Sequence[Block]) -> str | None:
    """Return Slack's error for a message it would not take, or None."""
    if not text and not blocks:
        return "no_text"
    if len(text) > MOST_TEXT:
        return "msg_too_long"
    if len(blocks) > MOST_BLOCKS or not all(_is_valid(block) for block in blocks):
        return "invalid_blocks"
    if sum(len(part) for block in blocks for part in texts_of(block)) > MOST_BLOCK_TEXT:
        return "msg_blocks_too_long"
    return None


def texts_of(block: Block) -> Iterator[str]:
    """Yield every text a reader sees in a block: its own, its fields', its elements'."""
    own = block.get("text")
    if own is not None:
        yield _text(own)
    for key in ("fields", "elements"):
        for element in _objects(block.get(key)):
            shown = element.get("text")
            if shown is not None:
                yield _text(shown)


def _is_valid(block: Block) -> bool:
    kind = block.get("type")
    fields, elements = _objects(block.get("fields")), _objects(block.get("elements"))
    own = _text(block["text"]) if block.get("text") is not None else None
    if kind == "divider":
        return True
    if kind == "header":
        return own is not None and 0 < len(own) <= MOST_HEADER_TEXT
    if kind == "section":
        is_own_sound = own is None or 0 < len(own) <= MOST_SECTION_TEXT
        return (
            is_own_sound
            and (own is not None or bool(fields))
            and _fit(fields, MOST_FIELDS, MOST_FIELD_TEXT)
        )
    if kind == "context":
        return _fit(elements, MOST_CONTEXT_ELEMENTS, MOST_SECTION_TEXT) and bool(elements)
    if kind == "actions":
        return _fit(elements, MOST_ACTION_ELEMENTS, MOST_BUTTON_TEXT) and bool(elements)
    return False


def _fit(elements: Sequence[Block], most: int, most_text: int) -> bool:
    return len(elements) <= most and all(
        len(_text(element.get("text", ""))) <= most_text for element in elements
    )


def _objects(value: object) -> list[Block]:
    if not isinstance(value, list):
        return []
    return [cast("Block", one) for one in cast("list[object]", value) if isinstance(one, dict)]


def _text(value: object) -> str:
    """Return the text of a text object, or of a context element, whose text is a plain string."""
    if isinstance(value, dict):
        return str(cast("dict[str, object]", value).get("text", ""))
    return str(value)


def view_refusal(view: Block) -> str | None:
    """Return Slack's word for a modal it does not take: too long, too many blocks, markup in a title."""
    blocks = view.get("blocks")
    listed = cast("list[Block]", blocks) if isinstance(blocks, list) else []
    parts = [cast("Block", view.get(name) or {}) for name in ("title", "close", "submit")]
    is_plain = all(not part or part.get("type") == "plain_text" for part in parts)
    fits = all(len(str(part.get("text") or "")) <= MOST_VIEW_TITLE for part in parts)
    ids = [block["block_id"] for block in listed if "block_id" in block]
    is_sound = view.get("type") == "modal" and view.get("title") and listed
    is_short = len(listed) <= MOST_VIEW_BLOCKS and len(ids) == len(set(ids))
    return None if is_sound and is_plain and fits and is_short else "invalid_arguments"
