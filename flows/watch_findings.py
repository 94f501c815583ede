"""问题清单: bring the list of problems up to date each night, draw its board, tell the chat once."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.finding_alarms import tell_problems
from flows.links import addresses
from flows.operations.finding_board import FINDINGS, TITLE, board_page
from flows.operations.findings import derive
from flows.settings import read_settings


class LookIncompleteError(RuntimeError):
    """Something could not be looked at; the list is up to date in everything else."""


@flow(name="问题清单")
def watch_findings() -> str:
    """Derive once and draw the board. Without Prefect: ``juzhen findings --derive --tell``."""
    settings, moment = read_settings(), now()
    derived = derive(settings, moment)
    publish_page(FINDINGS, board_page(settings, addresses(settings), moment), TITLE)
    tell_problems(settings, moment)
    if derived.problems:
        raise LookIncompleteError("；".join(derived.problems))
    return derived.sentence
