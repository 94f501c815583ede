"""采集检查: draw the board of the sources' health, also on a day whose night did not run."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.operations.source_board import SOURCE_HEALTH, TITLE, board_markdown
from flows.operations.source_watch import look
from flows.settings import read_settings


@flow(name="采集检查")
def watch_sources() -> int:
    """Publish the board 采集健康 and return how many matters need a person.

    Without Prefect: ``juzhen health``, which ends non-zero when one does.
    """
    settings, moment = read_settings(), now()
    health, matters = look(settings, moment)
    publish_page(SOURCE_HEALTH, board_markdown(health, matters, moment), TITLE)
    return len(matters)
