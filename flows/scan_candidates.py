"""疑似账号巡查: compare what searches found with the register, queue what resembles, tell the chat once."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.links import addresses
from flows.operations.scan import scan
from flows.operations.suspect_board import SUSPECTS, TITLE, scan_sentence, suspect_page
from flows.operations.suspect_sheet import write_suspects
from flows.settings import read_settings
from flows.suspect_alarms import tell_suspects


class ScanIncompleteError(RuntimeError):
    """Something in the folder could not be read; what could be read was compared."""


@flow(name="疑似账号巡查")
def scan_candidates() -> str:
    """Scan once and draw the board; fails when something could not be read, after the rest.

    Without Prefect: ``juzhen scan --tell``.
    """
    settings, moment = read_settings(), now()
    result = scan(settings, moment)
    publish_page(SUSPECTS, suspect_page(settings, addresses(settings)), TITLE)
    write_suspects(settings, settings.outbox / f"{TITLE}.xlsx", moment)
    tell_suspects(settings, moment)
    if result.problems:
        raise ScanIncompleteError("；".join(result.problems[:20]))
    return scan_sentence(vars(result))
