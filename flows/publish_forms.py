"""Publish every playbook's forms to the Prefect server, with the choices the register gives."""

from __future__ import annotations

from flows.answer_forms import answering_forms, choices, opening_forms
from flows.clock import now
from flows.links import note_forms
from flows.operations.channel_board import channels_markdown
from flows.publishing import publish_board, publish_choices, publish_form
from flows.settings import Settings

OPEN_LIKE = "立案/立案"
ANSWER_LIKE = "办理步骤/办理步骤"


def publish_all(settings: Settings) -> int:
    """Make or update one deployment per form, note their ids for links, fill in the choices."""
    from prefect.client.orchestration import get_client

    noted: dict[str, str] = {}
    with get_client(sync_client=True) as client:
        for step_form in opening_forms():
            noted[step_form.key] = publish_form(client, OPEN_LIKE, step_form.form)
        for step_form in answering_forms():
            noted[step_form.key] = publish_form(client, ANSWER_LIKE, step_form.form)
        publish_choices(client, choices(settings))
        channels = channels_markdown(settings, now())
        publish_board(client, "platform-channels", channels, "平台投诉渠道")
    note_forms(settings, noted)
    return len(noted)
