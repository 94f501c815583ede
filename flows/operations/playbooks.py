"""Playbooks as people handle them: which versions there are, whether they are sound, their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sql
from flows.operations.shipped import parsed, shipped
from flows.settings import Settings, SettingsError
from playbooks.core.playbook import Playbook, PlaybookError, load_playbook
from playbooks.core.playbook.lint_facts import references
from playbooks.core.playbook.lint_whole import referenced
from playbooks.core.playbook.page import page
from sql.catalogs import open_catalog

PAGES = Path(__file__).resolve().parents[2] / "docs" / "playbooks"


@dataclass(frozen=True)
class Version:
    """One version of a playbook.

    Attributes:
        is_current: new cases are opened with it.
        open_count: cases that still run by it, whatever was edited since.
    """

    playbook_id: str
    title: str
    version: int
    digest: str
    derived_from: str | None
    is_current: bool
    open_count: int
    case_count: int


def versions(settings: Settings) -> list[Version]:
    """Return the shipped versions and every earlier one that cases were opened with."""
    with open_catalog(settings.ops) as connection:
        used = {str(row["digest"]): row for row in sql.rows(connection, "cases/playbook_usage")}
    found: list[Version] = []
    for playbook in all_shipped():
        row = used.pop(playbook.digest, {})
        counts = int(str(row.get("open_count", 0))), int(str(row.get("case_count", 0)))
        origin = playbook.derived_from
        version = playbook.version, playbook.digest, origin, True
        found.append(Version(playbook.id, playbook.title, *version, *counts))
    for digest, row in used.items():
        counts = int(str(row["open_count"])), int(str(row["case_count"]))
        number = int(str(row["version"]))
        found.append(Version(str(row["playbook_id"]), "", number, digest, None, False, *counts))
    return sorted(found, key=lambda each: (each.playbook_id, -each.version, not each.is_current))


def all_shipped() -> list[Playbook]:
    """Return every shipped playbook.

    Raises:
        PlaybookError: one has faults.
    """
    return [parsed(p.read_text(encoding="utf-8"), str(p.name)) for p in shipped().values()]


def lint_all(files: list[Path]) -> list[str]:
    """Return every fault of *files*, or of all shipped playbooks, with file and line.

    Beside what a file alone can tell, a sub-playbook must be shipped and take what it is given.
    """
    faults: list[str] = []
    sound: list[tuple[Path, Playbook]] = []
    for path in files or shipped().values():
        try:
            sound.append((path, load_playbook(path)))
        except PlaybookError as error:
            faults += [line.replace(path.name, str(path), 1) for line in str(error).splitlines()]
    known = {f"{p.id}@{p.version}": p for p in _loadable()} | {
        f"{p.id}@{p.version}": p for _, p in sound
    }
    for path, playbook in sound:
        faults += [f"{path}: {what}" for what in _reference_faults(playbook, known)]
    return faults


def _loadable() -> Iterator[Playbook]:
    for path in shipped().values():
        try:
            yield load_playbook(path)
        except PlaybookError:
            # Told by whoever lints that file.
            continue


def _reference_faults(playbook: Playbook, known: dict[str, Playbook]) -> Iterator[str]:
    for step in referenced(playbook):
        other = known.get(step.playbook)
        if other is None:
            yield f"step {step.id} names {step.playbook}, which is not shipped"
            continue
        yield from references({field.name: field for field in other.inputs}, step)
        if _comes_back(other, playbook.id, known):
            yield f"step {step.id}: {step.playbook} opens {playbook.id} again, without end"


def _comes_back(start: Playbook, wanted: str, known: dict[str, Playbook]) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        playbook = waiting.pop()
        if playbook.id == wanted:
            return True
        if playbook.id not in seen:
            seen.add(playbook.id)
            named = (step.playbook for step in referenced(playbook))
            waiting += [known[name] for name in named if name in known]
    return False


def pages() -> dict[Path, str]:
    """Return where the page of every shipped playbook stands, and its text."""
    return {PAGES / f"{playbook.id}.md": page(playbook) for playbook in all_shipped()}


def write_pages() -> list[Path]:
    """Write the pages of all shipped playbooks; a clone only, an installed package has no docs.

    Raises:
        SettingsError: there is no docs folder beside the code.
    """
    if not PAGES.parent.is_dir():
        raise SettingsError(f"{PAGES.parent} 不存在；请在源码目录中运行")
    written = pages()
    PAGES.mkdir(exist_ok=True)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)
