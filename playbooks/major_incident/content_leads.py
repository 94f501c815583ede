"""Leads to prohibited content (Article 15) in the titles of what the accounts published.

A lead is a word in a title and nothing more: a person looks at the post and decides. Only titles are
taken in from the platforms, so a post that says it in its text alone is not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from playbooks.core.facts import as_list, as_mapping
from sql.refusal import Refusal

SHIPPED = Path(__file__).parent / "content_words.yml"
LONGEST = 40
LARGEST_BYTES = 200_000


class WordsError(Refusal, ValueError):
    """A word list that cannot be used; the sentence names the file and what to correct."""


@dataclass(frozen=True)
class Item:
    """One of the thirteen, with the words that lead to it; a title with one of *unless* is no lead."""

    code: str
    title: str
    words: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Lead:
    """One word of one item in one title."""

    code: str
    item: str
    word: str
    account_id: str
    content_id: str
    title: str
    url: str
    published_on: str


def read_items(own: Path) -> dict[str, Item]:
    """Return the thirteen items; a code in the office's file *own* replaces the shipped lists of it.

    Raises:
        WordsError: the office's file is not readable, too large, or names what there is not.
    """
    items = {code: _item(code, facts, {}) for code, facts in _read(SHIPPED).items()}
    if not own.is_file():
        return items
    for code, facts in _read(own).items():
        if code not in items:
            raise WordsError(f"{own} 中的 {code} 不是第十五条的项；应为 15-1 至 15-13")
        shipped = items[code]
        try:
            items[code] = _item(code, facts, {"title": shipped.title})
        except (TypeError, ValueError) as error:
            raise WordsError(
                f"{own} 的 {code} 应写成 {{words: [词, …], unless: [词, …]}}，每个词 2 至 {LONGEST} 字"
            ) from error
    return items


def leads_of(posts: Iterable[Mapping[str, object]], items: Mapping[str, Item]) -> list[Lead]:
    """Return every lead, in the order of the posts; one word an item is enough for one post."""
    found: list[Lead] = []
    for post in posts:
        title = str(post["title"])
        plain = _plain(title)
        for item in items.values():
            word = _first(plain, item.words)
            if word and not _first(plain, item.unless):
                found.append(
                    Lead(
                        item.code,
                        item.title,
                        word,
                        str(post["account_id"]),
                        str(post["content_id"]),
                        title,
                        str(post["url"] or ""),
                        str(post["published_on"]),
                    )
                )
    return found


def sign_of(lead: Lead) -> str:
    """Return what makes it the same lead: one item in one post, whatever words lead to it."""
    return f"content|{lead.account_id}|{lead.content_id}|{lead.code}"


def _plain(text: str) -> str:
    """Return a text without spaces and in small letters: 「限 时 抢购」 is found too."""
    return "".join(text.split()).casefold()


def _first(plain: str, words: Sequence[str]) -> str:
    return next((word for word in words if _plain(word) in plain), "")


def _read(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise WordsError(f"{path} 大于 {LARGEST_BYTES} 字节，不是词表")
        return as_mapping(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise WordsError(f"{path} 不是可读的词表：{type(error).__name__}") from error


def _item(code: str, facts: object, known: Mapping[str, str]) -> Item:
    entry = {**known, **as_mapping(facts)}
    unknown = set(entry) - {"title", "words", "unless"}
    words, unless = (
        tuple(str(word) for word in as_list(entry.get(key, []))) for key in ("words", "unless")
    )
    if unknown or not all(2 <= len(_plain(word)) <= LONGEST for word in (*words, *unless)):
        raise ValueError(code)
    return Item(code, str(entry["title"]), words, unless)
