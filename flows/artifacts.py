"""Boards and case pages as Prefect artifacts, each under one address that operators can bookmark."""

from __future__ import annotations

from datetime import datetime

from flows.links import answer_link
from flows.operations.boards import board_markdown, read_board
from flows.operations.case_page import case_markdown
from flows.operations.repair import unsettled_messages
from flows.operations.report_queue import waiting_reports
from flows.publishing import publish_board as publish
from flows.settings import Settings


def publish_page(key: str, markdown: str, description: str) -> None:
    """Show *markdown* under *key*, replacing what stood there."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        publish(client, key, markdown, description)


def publish_open_cases(settings: Settings, now: datetime) -> None:
    """Show the board of open cases."""
    waiting = waiting_reports(settings)
    unsettled = unsettled_messages(settings, now)
    board = read_board(settings, now)
    text = board_markdown(board, now, answer_link(settings), len(waiting), unsettled)
    publish_page("open-cases", text, "在办案件看板")


def publish_case(settings: Settings, case_id: str, now: datetime) -> None:
    """Show one case's page, and the board that it changed."""
    text = case_markdown(settings, case_id, now, answer_link(settings))
    publish_page(f"case-{case_id.lower()}", text, f"案件 {case_id}")
    publish_open_cases(settings, now)
