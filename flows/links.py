"""Where forms and boards are: ids noted at publishing, so that a message can link without a server.

The ids survive re-deploying and redrawing. A missing or broken note costs the link, never the
message. A form of a playbook is noted under ``<case prefix>/<step>``, because two playbooks may call
a step alike; any other one under the name of its flow.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from flows.forms import run_form_url
from flows.operations.addresses import Addresses, AnswerLink
from flows.settings import Settings

BOARDS_NOTE = "board-links.json"
FORMS_NOTE = "form-links.json"
VERSIONS_NOTE = "case-versions.json"
RECEIPT = "receipt"


@dataclass(frozen=True)
class NotedForm:
    """A published form: its deployment's id, and its title in Chinese."""

    deployment_id: str
    title: str


def note_forms(settings: Settings, forms: Mapping[str, NotedForm]) -> None:
    """Write down which forms were published."""
    notes = {key: asdict(form) for key, form in forms.items()}
    _write_notes(settings.home / FORMS_NOTE, notes)


def note_versions(settings: Settings, cases: Mapping[str, str]) -> None:
    """Write down which running cases are held to an older version of their playbook, and which."""
    _write_notes(settings.home / VERSIONS_NOTE, cases)


def version_key(digest: str) -> str:
    """Return what stands before a step in the key of a form of an older version."""
    return f"version-{digest[:12]}"


def read_form_notes(settings: Settings) -> Mapping[str, NotedForm]:
    """Return the forms that were published last, by their keys."""
    found: dict[str, NotedForm] = {}
    for key, note in _read_notes(settings.home / FORMS_NOTE).items():
        if isinstance(note, dict):
            facts = cast("dict[str, object]", note)
            found[key] = NotedForm(str(facts.get("deployment_id")), str(facts.get("title")))
    return found


def note_boards(home: Path, artifact_ids: Mapping[str, str]) -> None:
    """Add the ids of boards and pages to those noted before."""
    known = read_board_notes(home)
    if dict(known) | dict(artifact_ids) != dict(known):
        _write_notes(home / BOARDS_NOTE, {**known, **artifact_ids})


def read_board_notes(home: Path) -> Mapping[str, str]:
    """Return key -> artifact id of every board and page drawn so far."""
    return {key: str(value) for key, value in _read_notes(home / BOARDS_NOTE).items()}


def board_path(artifact_id: str) -> str:
    """Return the path of a board's page in the interface."""
    return f"/v2/artifacts/artifact/{artifact_id}"


def form_key(case_id: str, step_id: str) -> str:
    """Return the key of the form that answers *step_id* of a case; opening forms use ``open``."""
    return f"{case_id.split('-', 1)[0]}/{step_id}"


def addresses(settings: Settings, base: str = "") -> Addresses:
    """Return the addresses of forms and boards as they were noted last.

    Args:
        settings: of this installation.
        base: what stands before the path. Without it the interface opens a link in place, behind
            any proxy; a message needs the whole address.
    """
    forms = read_form_notes(settings)
    boards = read_board_notes(settings.home)
    versions = _read_notes(settings.home / VERSIONS_NOTE)

    def form(key: str, given: Mapping[str, object]) -> str:
        return run_form_url(base, forms[key].deployment_id, given) if key in forms else ""

    def answer(case_id: str, step_id: str, visit: int) -> str:
        given = {"case_id": case_id, "visit": visit}
        own = form(f"{versions.get(case_id)}/{step_id}", given)
        return own or form(form_key(case_id, step_id), given)

    def receipt(case_id: str, step_id: str, visit: int) -> str:
        return answer(case_id, f"{step_id}/{RECEIPT}", visit) or answer(case_id, step_id, visit)

    def page(key: str) -> str:
        return base.rstrip("/") + board_path(boards[key]) if key in boards else ""

    titles = {key: noted.title for key, noted in forms.items()}
    return Addresses(form, answer, receipt, page, titles)


def answer_link(settings: Settings) -> AnswerLink:
    """Return a function from case, step and visit to the whole address of the filled-in form."""
    return addresses(settings, settings.ui_url).answer


def _write_notes(path: Path, notes: Mapping[str, object]) -> None:
    partial = path.with_suffix(f".{os.getpid()}.part")  # two runs may draw boards at once
    partial.write_text(json.dumps(dict(notes), indent=1, sort_keys=True), encoding="utf-8")
    partial.replace(path)


def _read_notes(path: Path) -> Mapping[str, object]:
    try:
        noted: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        noted = error
    if not isinstance(noted, dict):
        sentence = "%s 读不出来，消息与看板暂不带链接；请运行 juzhen publish 重新生成"
        logging.getLogger(__name__).warning(sentence, path)
        return {}
    return cast("dict[str, object]", noted)  # the keys of a JSON object are texts
