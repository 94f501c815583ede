"""Where the forms are: deployment ids noted at publishing, so that a message can link without a server.

The ids survive re-deploying. A missing or broken note costs the link, never the message.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from flows.forms import run_form_url
from flows.operations.boards import AnswerLink
from flows.settings import Settings


def notes_path(settings: Settings) -> Path:
    """Return the file that holds ``playbook/step`` -> deployment id."""
    return settings.home / "form-links.json"


def note_forms(settings: Settings, deployment_ids: Mapping[str, str]) -> None:
    """Write the ids of the published forms."""
    path = notes_path(settings)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(dict(deployment_ids), indent=1, sort_keys=True), encoding="utf-8")
    partial.replace(path)


def answer_link(settings: Settings) -> AnswerLink:
    """Return a function from case, step and visit to the address of the filled-in form."""
    noted = _read_notes(notes_path(settings))
    by_step = {key.split("/", 1)[-1]: deployment_id for key, deployment_id in noted.items()}

    def link(case_id: str, step_id: str, visit: int) -> str:
        deployment_id = by_step.get(step_id)
        if deployment_id is None:
            return ""
        return run_form_url(settings.ui_url, deployment_id, {"case_id": case_id, "visit": visit})

    return link


def _read_notes(path: Path) -> Mapping[str, str]:
    try:
        noted: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        noted = error
    if not isinstance(noted, dict):
        sentence = "%s 读不出来，消息与看板暂不带办理链接；请运行 juzhen publish 重新生成"
        logging.getLogger(__name__).warning(sentence, path)
        return {}
    return {str(key): str(value) for key, value in cast("dict[object, object]", noted).items()}
