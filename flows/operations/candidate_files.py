"""Files of the folder ``candidates``: exports of searches, and lists of names per platform.

The platform stands in a column of the table, else in the name of the file or of a folder around it:
``candidates/微博/检索结果.xlsx``, ``candidates/douyin.txt``. A table is what a search showed on one
day: it goes to ``candidates/done/<day>/`` once taken. A list (``.txt``) is standing and is read every
night. What cannot be read stays where it is, with a sentence in the scan's report.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.candidates import Found, read_candidates
from connectors.spreadsheet import UnreadableFileError
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day
from playbooks.impersonation.suspects import Sighting

DONE: Final = "done"
MOST_FILES: Final = 500
SETTLED_AFTER_S: Final = 10.0  # a file touched more recently may still be being copied
STANDING: Final = ".txt"
NOT_SEARCHED: Final = "own_app"  # the office's own program is on no platform


@dataclass
class Gathered:
    """Everything that the folder holds tonight.

    Attributes:
        taken: tables that were read whole and are to be put away when the scan is written.
        problems: sentences about files and rows that could not be used.
    """

    sightings: list[Sighting] = field(default_factory=list[Sighting])
    taken: list[Path] = field(default_factory=list[Path])
    file_count: int = 0
    problems: list[str] = field(default_factory=list[str])


def gather(settings: Settings) -> Gathered:
    """Read every file of the folder; one file's fault costs one file."""
    root, found = settings.candidates, Gathered()
    platforms = platform_words()
    paths = list(_files(root))
    for path in paths[:MOST_FILES]:
        if 0 <= time.time() - path.lstat().st_mtime < SETTLED_AFTER_S:
            found.problems.append(f"「{visible(path.name, 160)}」可能还在复制，下次再取")
            continue
        _read(path, root, platforms, found)
    if len(paths) > MOST_FILES:
        found.problems.append(f"超过 {MOST_FILES} 个文件，其余下次再取")
    return found


def put_away(settings: Settings, taken: list[Path], now: datetime) -> None:
    """Move tables that were taken to the folder of what is done."""
    folder = settings.candidates / DONE / local_day(now).isoformat()
    for path in taken:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        number = 2
        while target.exists():
            target = folder / f"{path.stem}~{number}{path.suffix}"
            number += 1
        path.rename(target)


def platform_words() -> dict[str, str]:
    """Return every word for a platform, folded -> its identifier."""
    by_label = {label.casefold(): name for name, label in _platforms().items()}
    return {**by_label, **{name: name for name in _platforms()}, **ALSO_CALLED}


def _platforms() -> dict[str, str]:
    return {name: label for name, label in labels("platform").items() if name != NOT_SEARCHED}


ALSO_CALLED: Final[Mapping[str, str]] = {
    "公众号": "wechat_official",
    "微信": "wechat_official",
    "新浪微博": "weibo",
    "b站": "bilibili",
    "bilibili": "bilibili",
    "今日头条": "toutiao",
}


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        parts = path.relative_to(root).parts
        is_hidden = any(part.startswith((".", "~$")) for part in parts)
        if parts[0] != DONE and not is_hidden and path.is_file() and not path.is_symlink():
            yield path


def _read(path: Path, root: Path, platforms: Mapping[str, str], found: Gathered) -> None:
    name = visible(str(path.relative_to(root)), 160)
    try:
        file = read_candidates(path, name)
    except UnreadableFileError as error:
        found.problems.append(str(error))
        return
    except OSError as error:
        found.problems.append(f"「{name}」读不出来：{error.strerror or error}")
        return
    found.file_count += 1
    found.problems += [str(problem) for problem in file.problems]
    of_file = _platform_of(path.relative_to(root), platforms)
    unknown: dict[str, int] = {}
    for row in file.rows:
        platform = platforms.get(row.platform.casefold(), "") if row.platform else of_file
        if not platform:
            unknown[row.platform] = unknown.get(row.platform, 0) + 1
            continue
        found.sightings.append(_sighting(row, platform))
    found.problems += [_unknown_sentence(name, word, count) for word, count in unknown.items()]
    # A table of which rows were left out stays for the person who mends it; seeing rows twice is harmless.
    if path.suffix.lower() != STANDING and not unknown:
        found.taken.append(path)


def _platform_of(path: Path, platforms: Mapping[str, str]) -> str:
    """Return the platform that the file's name begins with, else that of the nearest folder."""
    for name in (path.stem, *(folder.name for folder in path.parents)):
        word = name.casefold().split("_", 1)[0].split(" ", 1)[0]
        for key in (name.casefold(), word):
            if key in platforms:
                return platforms[key]
    return ""


def _sighting(row: Found, platform: str) -> Sighting:
    return Sighting(
        platform=platform,
        display_name=row.name,
        platform_account_id=row.account_id,
        handle=row.handle,
        bio=row.bio,
        url=row.url,
        certified_subject=row.certified_subject,
        avatar=row.avatar.lower(),
        place=row.place,
    )


def _unknown_sentence(name: str, word: str, count: int) -> str:
    known = "、".join(_platforms().values())
    what = f"平台「{visible(word, 40)}」不认识" if word else "没有写明平台"
    advice = f"请写成 {known}，或把文件放进以平台命名的文件夹"
    return f"「{name}」有 {count} 行{what}；{advice}"
