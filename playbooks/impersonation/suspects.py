"""Suspects of the nightly scan: what a new sighting of an account means, given what is known of it.

A person's dismissal is remembered and used until the account changes what it shows; a matter that an
open case already works on is nobody's second task; what comes back after a case was handled, or while
it is watched, is put to a person again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from playbooks.core.documents.text import visible

SHOWN: Mapping[str, str] = {
    "display_name": "名称",
    "platform_account_id": "账号编号",
    "handle": "个性域名",
    "bio": "简介",
    "certified_subject": "认证",
    "avatar": "头像",
}
"""What an account shows of itself -> what it is called; a change of any of it is looked at anew."""


@dataclass(frozen=True)
class Sighting:
    """One account as a search showed it, every text as shown; empty where the search says nothing."""

    platform: str
    display_name: str
    platform_account_id: str = ""
    handle: str = ""
    bio: str = ""
    url: str = ""
    certified_subject: str = ""
    avatar: str = ""
    place: str = ""


@dataclass(frozen=True)
class Suspect:
    """What is stored of an account that was found before.

    Attributes:
        decided_at: when a person decided about it as it stands; ``None`` while it waits.
        status: ``held`` until it gets its turn, ``waiting``, ``accepted`` or ``dismissed``.
    """

    number: int
    sighting: Sighting
    case_id: str
    decided_at: datetime | None
    status: str = "held"


@dataclass(frozen=True)
class Matter:
    """The account that a case is about, and where the case stands.

    Attributes:
        is_watched: the account is gone, and whether it comes back is being watched.
        since_at: since when it is watched, or when the case was closed; ``None`` before either.
    """

    case_id: str
    platform: str
    display_name: str
    platform_account_id: str
    is_open: bool
    is_watched: bool
    since_at: datetime | None
    outcome: str


@dataclass(frozen=True)
class Judgement:
    """What a sighting asks for.

    Attributes:
        answer: ``raise`` it to a person, ``in_case``: a case works on it, ``dismissed``: a person
            said no and nothing changed, ``queued``: it already waits.
        note: why it is raised although somebody knew it, or what changed while it waits.
        case_id: the case it belongs to or comes back from.
    """

    answer: Literal["raise", "in_case", "dismissed", "queued"]
    note: str = ""
    case_id: str = ""


def is_same_account(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Tell whether two (platform, number, name) are one account: by number, else by the name."""
    if one[0] != other[0]:
        return False
    if one[1] and other[1]:
        return one[1].casefold() == other[1].casefold()
    return one[2].strip().casefold() == other[2].strip().casefold()


def suspect_of(sighting: Sighting, known: Iterable[Suspect]) -> Suspect | None:
    """Return the suspect that *sighting* shows again; the one with its number before one by name."""
    fitting = [one for one in known if is_same_account(_key(sighting), _key(one.sighting))]
    numbered = [one for one in fitting if one.sighting.platform_account_id]
    return next(iter([*numbered, *fitting]), None)


def matter_of(sighting: Sighting, matters: Iterable[Matter]) -> Matter | None:
    """Return the case of the same account, an open one before a closed one."""
    fitting = [
        one
        for one in matters
        if is_same_account(
            _key(sighting), (one.platform, one.platform_account_id, one.display_name)
        )
    ]
    return next(iter([*(one for one in fitting if one.is_open), *fitting]), None)


def changes(before: Sighting, after: Sighting) -> list[str]:
    """Return a sentence for each thing that an account shows otherwise; what is not told is no change."""
    found: list[str] = []
    for name, title in SHOWN.items():
        old, new = str(getattr(before, name)).strip(), str(getattr(after, name)).strip()
        if old and new and old != new:
            found.append(f"{title}由「{visible(old, 60)}」改为「{visible(new, 60)}」")
    return found


def merged(before: Sighting, after: Sighting) -> Sighting:
    """Return what is known of an account: the later word, and the earlier where that says nothing."""
    texts = {
        one.name: getattr(after, one.name) or getattr(before, one.name) for one in fields(after)
    }
    return Sighting(**texts)


def judge(sighting: Sighting, suspect: Suspect | None, matter: Matter | None) -> Judgement:
    """Return what a sighting that resembles an official account asks for."""
    case_id = matter.case_id if matter else ""
    if matter is not None and matter.is_open and not matter.is_watched:
        return Judgement("in_case", case_id=case_id)
    changed = "；".join(changes(suspect.sighting, sighting)) if suspect else ""
    if suspect is not None and suspect.decided_at is None:
        return Judgement("queued", changed and f"等待期间{changed}", suspect.case_id)
    back = _came_back(matter)
    if not changed and _is_settled(suspect, matter, came_back=bool(back)):
        return Judgement("dismissed", case_id=case_id)
    changed = changed and f"此前已处理，现{changed}"
    return Judgement("raise", "；".join(part for part in (back, changed) if part), case_id)


def _came_back(matter: Matter | None) -> str:
    """Return that an account is seen again after it was gone; empty when no case says it was."""
    if matter is not None and matter.is_watched:
        return f"案件 {matter.case_id} 观察期内再次出现，受理即并入该案"
    if matter is not None and matter.outcome == "handled":
        return f"案件 {matter.case_id} 办结后再次出现"
    return ""


def _is_settled(suspect: Suspect | None, matter: Matter | None, *, came_back: bool) -> bool:
    """Tell whether a person decided about just this: about the suspect, or in a case that refuted it."""
    if suspect is None or suspect.decided_at is None:
        return matter is not None and not came_back
    since_at = matter.since_at if matter is not None and came_back else None
    return since_at is None or suspect.decided_at >= since_at


def _key(sighting: Sighting) -> tuple[str, str, str]:
    return sighting.platform, sighting.platform_account_id, sighting.display_name
