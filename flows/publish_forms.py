"""Publish every form to the Prefect server, with the choices the register gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flows.answer_forms import answering_forms, choices, opening_forms, shipped_playbooks
from flows.board_publishing import publish_board
from flows.clock import now
from flows.links import NotedForm, note_boards, note_forms
from flows.operations.channel_board import channels_markdown
from flows.publishing import publish_choices, publish_form
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

OPEN_LIKE = "立案/立案"
ANSWER_LIKE = "办理步骤/办理步骤"
DEPLOYMENTS = Path(__file__).resolve().parents[1] / "prefect.yaml"
PERSON_STARTS = "办件"


def publish_all(settings: Settings) -> int:
    """Make or update one deployment per form, note their ids for links, fill in the choices."""
    from prefect.client.orchestration import get_client

    playbooks = shipped_playbooks()
    noted: dict[str, NotedForm] = {}
    with get_client(sync_client=True) as client:
        for step_form in opening_forms(playbooks):
            deployment_id = publish_form(client, OPEN_LIKE, step_form.form)
            noted[step_form.key] = NotedForm(deployment_id, step_form.form.name)
        for step_form in answering_forms(playbooks):
            deployment_id = publish_form(client, ANSWER_LIKE, step_form.form)
            noted[step_form.key] = NotedForm(deployment_id, step_form.form.name)
        noted |= dict(_plain_forms(client))
        publish_choices(client, choices(settings))
        channels = channels_markdown(settings, now())
        board = publish_board(client, "platform-channels", channels, "平台投诉渠道")
    note_forms(settings, noted)
    note_boards(settings.home, {"platform-channels": board})
    return len(noted)


def _plain_forms(client: SyncPrefectClient) -> Iterator[tuple[str, NotedForm]]:
    """Yield the forms that ``prefect.yaml`` itself deploys, under their Chinese names."""
    import yaml

    document: object = yaml.load(DEPLOYMENTS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for entry in cast(
        "list[Mapping[str, object]]", cast("dict[str, object]", document)["deployments"]
    ):
        name = str(entry["name"])
        if PERSON_STARTS in cast("list[str]", entry.get("tags", [])):
            deployment = client.read_deployment_by_name(f"{name}/{name}")
            yield name, NotedForm(str(deployment.id), name)
