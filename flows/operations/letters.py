"""Draft the letters that cases wait for: reserve numbers, render, keep, record.

Rendering happens outside any transaction. If it is interrupted, the draft step stays open and the
next sweep drafts again with the same reserved numbers; the ledger takes the result once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
from jinja2 import TemplateError

import sql
from flows.office import Office, read_office
from flows.operations.blocked_steps import put_to_person
from flows.operations.files import keep_bytes
from flows.operations.letter_sources import material_of
from flows.operations.people import case_setting
from flows.settings import Settings, SettingsError
from playbooks.core.cases import engine, store
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.turn import StaleAnswerError
from playbooks.core.drafting import Asked, Material, drafting_of
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import Draft
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog, write


@dataclass(frozen=True)
class Pending:
    """A draft step with everything its letters need, read in one go."""

    state: CaseState
    playbook: Playbook
    step: Draft
    visit: int
    numbers: Mapping[str, str]
    material: Material


def draft_pending(settings: Settings, now: datetime, case_id: str | None = None) -> list[Path]:
    """Draft what open draft steps ask for, of one case or of all; return the files for people.

    Raises:
        SettingsError: the office's facts are missing or wrong, or lack what one case needs; the
            letters of the other cases are written all the same.
    """
    with open_catalog(settings.ops) as connection:
        waiting = sql.rows(connection, "cases/open_system_steps", step_type="draft")
    wanted = [row for row in waiting if case_id in (None, row["case_id"])]
    if not wanted:
        return []
    files: list[Path] = []
    problems: list[str] = []
    for row in wanted:
        place = str(row["case_id"]), str(row["step_id"])
        try:
            office = read_office(settings)
            pending = _read(settings, office, *place, now)
            files += _draft(settings, office, pending, now) if pending else []
        except (SettingsError, TemplateError, ValueError, KeyError) as error:
            # Whatever is wrong with one case's letter, the others' go out.
            problems.append(f"{place[0]} 的函件未能起草：{error}")
            put_to_person(settings, now, *place, error)
    if problems:
        raise SettingsError("\n".join(problems))
    return files


def _read(
    settings: Settings, office: Office, case_id: str, step_id: str, now: datetime
) -> Pending | None:
    with write(settings.ops) as connection:
        state = store.read_state(connection, case_id)
        if step_id not in state.open_steps:
            return None
        playbook = store.read_playbook(connection, state.playbook_digest)
        step = playbook.step(step_id)
        assert isinstance(step, Draft)
        visit = state.open_steps[step_id].visit
        numbers = {
            letter: _reserve(connection, office, state, step, visit, letter, now)
            for letter in step.letters
            if letter not in step.unnumbered
        }
        material = material_of(settings, connection, office, state, playbook)
    return Pending(state, playbook, step, visit, numbers, material)


def _draft(settings: Settings, office: Office, pending: Pending, now: datetime) -> list[Path]:
    from playbooks.core.documents import render_docx, render_html, render_pdf
    from playbooks.core.letters import digest, render_letter, text_of

    state = pending.state
    drafted: list[dict[str, object]] = []
    rendered: list[tuple[str, Mapping[str, bytes]]] = []
    drafting = drafting_of(pending.playbook.id)
    for letter_name in pending.step.letters:
        asked = Asked(letter_name, pending.numbers.get(letter_name), now)
        facts = drafting.letter_facts(state, pending.material, asked)
        letter = render_letter(
            f"{pending.playbook.id}/{letter_name}",
            facts,
            watermark="演练" if state.is_drill else None,
        )
        text = text_of(letter)
        unverified = [*office.unverified_in(text), *drafting.unchecked(state, text)]
        letter = replace(letter, cautions=[*letter.cautions, *unverified])
        contents = {
            "docx": render_docx(letter, now),
            "pdf": render_pdf(letter, now),
            "html": render_html(letter).encode("utf-8"),
        }
        files = {kind: keep_bytes(settings, content) for kind, content in contents.items()}
        rendered.append((letter.title, contents))
        drafted.append(
            {
                "letter": letter_name,
                "title": letter.title,
                "number": pending.numbers.get(letter_name, ""),
                "digest": digest(letter),
                "unverified": unverified,
                "files": files,
                **({"sources": facts["sources"]} if "sources" in facts else {}),
            }
        )
    if not _record(settings, pending, drafted, now):
        return []
    # Only now: a lost race must not replace the files that the ledger knows.
    return [
        path
        for title, contents in rendered
        for path in _lay_out(settings, state.case_id, title, pending.visit, contents)
    ]


def _record(
    settings: Settings, pending: Pending, drafted: Sequence[Mapping[str, object]], now: datetime
) -> bool:
    """Append the drafted letters; false when somebody else was quicker or the case went on."""
    with write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, "system:letters")
        current = store.load(connection, pending.state.case_id, setting)
        open_step = current.state.open_steps.get(pending.step.id)
        if open_step is None or open_step.visit != pending.visit:
            return False
        try:
            engine.drafted(current, pending.step.id, drafted)
        except StaleAnswerError:
            return False
        store.commit(connection, current.events, now)
    return True


def _lay_out(
    settings: Settings, case_id: str, title: str, visit: int, contents: Mapping[str, bytes]
) -> list[Path]:
    """Lay readable copies where people fetch them; the kept originals are named by digest."""
    folder = settings.outbox / case_id
    folder.mkdir(parents=True, exist_ok=True)
    safe_title = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", title)[:80]
    suffix = f"({visit})" if visit > 1 else ""
    laid: list[Path] = []
    for kind, content in contents.items():
        path = folder / f"{safe_title}{suffix}.{kind}"
        path.write_bytes(content)
        laid.append(path)
    return laid


def _reserve(  # noqa: PLR0913 - a number belongs to one letter of one visit of one step
    connection: duckdb.DuckDBPyConnection,
    office: Office,
    state: CaseState,
    step: Draft,
    visit: int,
    letter: str,
    now: datetime,
) -> str:
    key = {"case_id": state.case_id, "letter": letter, "step_id": step.id, "visit": visit}
    found = sql.rows(connection, "letters/reserved", **key)
    year, number = local_day(now).year, 0
    if found:
        year, number = int(str(found[0]["year"])), int(str(found[0]["number"]))
    else:
        last = sql.rows(connection, "letters/last_number", year=year)
        number = int(str(last[0]["number"])) + 1
        row = {"year": year, "number": number, **key, "reserved_at": now}
        sql.insert(connection, "document_number", [row])
    return f"{office.number_prefix}\u3014{year}\u3015{number}号"
