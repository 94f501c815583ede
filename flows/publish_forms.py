"""Publish every form to the Prefect server, with the choices the register gives."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flows.answer_forms import (
    StepForm,
    answering_forms,
    choices,
    older_forms,
    opening_forms,
    running_versions,
    shipped_playbooks,
)
from flows.board_publishing import publish_board
from flows.clock import now
from flows.deployments import Deployments, declared, deploy_project
from flows.links import NotedForm, note_boards, note_forms, note_versions
from flows.operations.channel_board import channels_markdown
from flows.publishing import publish_forms
from flows.settings import Settings
from flows.stack_settings import PROJECT_FOLDER

OPEN_LIKE = "立案/立案"
ANSWER_LIKE = "办理步骤/办理步骤"
PERSON_STARTS = "办件"


def publish_all(settings: Settings, deploys: Path | None = None) -> int:
    """Make or update one deployment per form, note their ids for links, fill in the choices.

    Args:
        settings: whose register gives the choices.
        deploys: the folder of the ``prefect.yaml`` to deploy first; ``None`` when that has been done.
    """
    from prefect.client.orchestration import get_client

    playbooks = shipped_playbooks()
    with get_client(sync_client=True) as client:
        deployments = Deployments(client, choices(settings))
        if deploys is not None:
            deploy_project(deployments, deploys)
        noted = _published(deployments, OPEN_LIKE, list(opening_forms(playbooks)))
        current = list(answering_forms(playbooks))
        older = running_versions(settings, playbooks)
        answering = [*current, *older_forms(older.playbooks, current)]
        noted |= _published(deployments, ANSWER_LIKE, answering)
        noted |= {
            name: NotedForm(deployments.ids[name], name)
            for name in _plain_forms(deploys or PROJECT_FOLDER)
        }
        deployments.fill_choices()
        channels = channels_markdown(settings, now())
        board = publish_board(client, "platform-channels", channels, "平台投诉渠道")
    note_forms(settings, noted)
    note_versions(settings, older.cases)
    note_boards(settings.home, {"platform-channels": board})
    return len(noted)


def _published(deployments: Deployments, like: str, forms: list[StepForm]) -> dict[str, NotedForm]:
    ids = publish_forms(deployments, like, [one.form for one in forms])
    return {
        one.key: NotedForm(deployment_id, one.form.name)
        for one, deployment_id in zip(forms, ids, strict=True)
    }


def _plain_forms(project: Path) -> list[str]:
    """Return the forms that ``prefect.yaml`` itself deploys, by their Chinese names."""
    return [
        str(entry["name"])
        for entry in declared(project)
        if PERSON_STARTS in cast("list[str]", entry.get("tags", []))
    ]
