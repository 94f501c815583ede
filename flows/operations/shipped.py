"""The playbooks that this installation ships, by id; a case names one, never carries its text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flows.settings import SettingsError
from playbooks.core.playbook import Playbook, parse_playbook

PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"


def shipped() -> dict[str, Path]:
    """Return the file of every shipped playbook by its id."""
    return {path.parent.name: path for path in sorted(PLAYBOOKS.glob("*/playbook.yml"))}


def playbook_path(playbook_id: str) -> Path:
    """Return the file of a shipped playbook.

    Raises:
        SettingsError: there is none of that name; nothing outside the package is looked at.
    """
    known = shipped()
    if playbook_id not in known:
        raise SettingsError(f"没有预案 {playbook_id}；现有：{'、'.join(known)}")
    return known[playbook_id]


@lru_cache(maxsize=32)
def parsed(text: str, file_name: str) -> Playbook:
    """Return the playbook in *text*, linted; the same text is read once.

    Raises:
        PlaybookError: it has faults.
    """
    return parse_playbook(text, file_name)


def read_version(reference: str) -> tuple[Playbook, str]:
    """Return the shipped playbook that ``<id>@<version>`` names, and its text.

    Raises:
        SettingsError: there is no such playbook, or another version of it is shipped.
        PlaybookError: it has faults.
    """
    playbook_id, _, version = reference.partition("@")
    path = playbook_path(playbook_id)
    text = path.read_text(encoding="utf-8")
    playbook = parsed(text, path.name)
    if str(playbook.version) != version:
        raise SettingsError(f"预案 {reference} 未随系统提供，现有第 {playbook.version} 版")
    return playbook, text
