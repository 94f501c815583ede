"""采集检查: draw the board of the sources' health and tell the chat what needs a person, once."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.operations.source_board import SOURCE_HEALTH, TITLE, board_markdown
from flows.operations.source_watch import look
from flows.settings import read_settings
from flows.source_alarms import tell_matters


@flow(name="采集检查")
def watch_sources() -> int:
    """Publish the board 采集健康, tell the chat what is new, return how many matters need a person.

    It also runs by day, so that a night that did not run is seen. Without Prefect:
    ``juzhen health --tell``, which ends non-zero when one does.
    """
    settings, moment = read_settings(), now()
    health, matters = look(settings, moment)
    publish_page(SOURCE_HEALTH, board_markdown(health, matters, moment), TITLE)
    tell_matters(settings, health, matters, moment)
    return len(matters)
