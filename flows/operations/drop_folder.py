"""The drop folder: units lay files there, every night takes them in, one file's fault costs one file.

A file belongs to the account whose id begins its name or the name of a folder around it:
``drop/A0005_云杉政务营商/用户分析.xls`` or ``drop/U010_政务营商局/A0005_用户分析.xls``. Manual entry
sheets name their accounts in the rows; in a unit's folder only that unit's. Taken files go to
``drop/done/<day>/``, others to ``drop/refused/<day>/``, each with a sentence beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import sql
from connectors.exports.declaration import Table
from connectors.exports.declaring import load_tables
from connectors.spreadsheet import UnreadableFileError
from connectors.yaml_lines import DeclarationError
from flows.operations.exports import ExportImported, Wanted, archive_export, preview_export
from flows.operations.files import FileProblemError
from flows.operations.import_report import import_lines
from flows.operations.marts import build_marts, copy_register
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

DONE, REFUSED = "done", "refused"
MOST_FILES = 2000
SETTLED_AFTER_S = 10.0  # a file touched more recently may still be being copied
UNFINISHED = (".part", ".crdownload", ".tmp", ".download")
NOTE_SUFFIX = ".说明.txt"


@dataclass(frozen=True)
class Dropped:
    """One file of the drop folder and what became of it."""

    name: str
    outcome: Literal["imported", "already", "refused", "waiting"]
    sentence: str
    imported: ExportImported | None = None


@dataclass(frozen=True)
class _Round:
    """What one round of taking in works with."""

    settings: Settings
    tables: Sequence[Table]
    accounts: frozenset[str]
    of_unit: dict[str, set[str]]
    now: datetime
    person: str | None
    is_preview: bool

    @property
    def root(self) -> Path:
        return self.settings.drop


def take_all(
    settings: Settings,
    now: datetime,
    person: str | None = None,
    *,
    is_preview: bool = False,
    inside: Path | None = None,
    is_built_later: bool = False,
) -> list[Dropped]:
    """Take in every file of the drop folder, or of a folder *inside* it, then build the marts once.

    Args:
        settings: of this installation.
        now: when.
        person: who takes them in; None for a night.
        is_preview: only tell what would happen; nothing is written or moved.
        inside: a file or folder of the drop folder.
        is_built_later: the caller builds the marts.

    A layout file of the office that cannot be used is told like a refused file, and then no file is
    touched: guessing without it might import under another layout, and a night has more to do.

    Raises:
        AnswerError: the register has no such person; no file was touched.
    """
    found = list(_files(settings.drop, inside or settings.drop))
    try:
        tables = load_tables(settings.export_layouts) if found else ()
    except DeclarationError as error:
        return [Dropped(settings.export_layouts.name, "refused", visible(str(error), 500))]
    with open_catalog(settings.ops) as connection:
        known = sql.rows(connection, "register/account_facts")
        if person:
            answerer(connection, person, now)
    of_unit: dict[str, set[str]] = {}
    for row in known:
        of_unit.setdefault(str(row["unit_id"]), set()).add(str(row["account_id"]))
    accounts = frozenset(str(row["account_id"]) for row in known)
    this = _Round(settings, tables, accounts, of_unit, now, person, is_preview)
    taken = [
        # An instant of its own for every file: which word came later, and which import an item
        # came with, is told by it.
        _take(replace(this, now=now + timedelta(microseconds=number)), path)
        for number, path in enumerate(found[:MOST_FILES])
    ]
    if any(one.outcome == "imported" for one in taken) and not (is_preview or is_built_later):
        copy_register(settings, now)
        build_marts(settings, now)
    return taken


def place_in_drop(settings: Settings, name: str) -> Path:
    """Return the file or folder *name* of the drop folder; a name may not lead out of it.

    Raises:
        FileProblemError: a path that leads out, or nothing there.
    """
    root = settings.drop.resolve()
    path = (root / name.strip()).resolve()
    if not path.is_relative_to(root) or not path.exists():
        shown = visible(name, 100)
        raise FileProblemError(
            f"投递文件夹 {settings.drop} 中没有「{shown}」；只写其中的文件或文件夹"
        )
    return path


def owner_of(path: Path, root: Path, accounts: frozenset[str]) -> str | None:
    """Return the account whose id begins the file's name or that of the nearest folder around it."""
    names = [path.name, *(folder.name for folder in path.parents if folder.is_relative_to(root))]
    return next((start for name in names if (start := _start(name)) in accounts), None)


def _start(name: str) -> str:
    return Path(name).stem.split("_", 1)[0].split(" ", 1)[0].strip()


def _files(root: Path, inside: Path) -> Iterator[Path]:
    """Yield what lies to be taken, in a stable order; handled and hidden files are passed over."""
    if inside.is_file():
        yield inside
        return
    for path in sorted(inside.rglob("*")) if inside.is_dir() else []:
        parts = path.relative_to(root).parts
        is_hidden = any(part.startswith((".", "~$")) for part in parts)
        is_folder = path.is_dir() and not path.is_symlink()
        if parts[0] in (DONE, REFUSED) or is_hidden or is_folder:
            continue
        yield path


def _take(this: _Round, path: Path) -> Dropped:
    name = visible(str(path.relative_to(this.root)), 160)
    if _is_unfinished(path):
        return Dropped(name, "waiting", "可能还在复制，下次再取")
    try:
        imported = _import(this, path)
    except (UnreadableFileError, FileProblemError, AnswerError, OSError) as error:
        sentence = visible(str(error), 500)
        _put_away(this, path, REFUSED, sentence)
        return Dropped(name, "refused", sentence)
    outcome = "already" if imported.before is not None else "imported"
    sentence = "；".join(import_lines(imported)[:2])
    _put_away(this, path, DONE, sentence)
    return Dropped(name, outcome, sentence, imported)


def _import(this: _Round, path: Path) -> ExportImported:
    if path.is_symlink() or not path.is_file():
        raise FileProblemError("是链接或特殊文件，不读取；请放入文件本身")
    wanted = Wanted(
        path,
        owner_of(path, this.root, this.accounts),
        this.person,
        among=_unit_accounts(path, this),
    )
    act = preview_export if this.is_preview else archive_export
    return act(this.settings, wanted, this.now, this.tables)


def _unit_accounts(path: Path, this: _Round) -> set[str] | None:
    """Return the accounts of the unit whose folder the file lies in; None outside such a folder."""
    folders = [folder for folder in path.parents if folder.is_relative_to(this.root)]
    unit = next((start for one in folders if (start := _start(one.name)) in this.of_unit), None)
    return this.of_unit[unit] if unit else None


def _is_unfinished(path: Path) -> bool:
    if path.suffix.lower() in UNFINISHED:
        return True
    # The clock of the file system, whatever JUZHEN_NOW says.
    return 0 <= time.time() - path.lstat().st_mtime < SETTLED_AFTER_S


def _put_away(this: _Round, path: Path, where: str, sentence: str) -> None:
    """Move a handled file, and write beside it what became of it; a preview moves nothing."""
    if this.is_preview:
        return
    inside = path.relative_to(this.root).parent
    folder = this.root / where / local_day(this.now).isoformat() / inside
    folder.mkdir(parents=True, exist_ok=True)
    target = _free(folder / path.name)
    path.rename(target)
    note = target.with_name(target.name + NOTE_SUFFIX)
    note.write_text(sentence + "\n", encoding="utf-8")


def _free(path: Path) -> Path:
    """Return *path*, or the same with a number that nobody has yet."""
    for number in range(2, 10_000):
        if not path.exists() and not path.is_symlink():
            return path
        path = path.with_name(f"{path.stem.rsplit('~', 1)[0]}~{number}{path.suffix}")
    raise FileProblemError(f"{path.parent} 中同名文件过多；请清理")
