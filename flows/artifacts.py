"""Boards and case pages as Prefect artifacts, so that operators find them in the UI."""

from __future__ import annotations

from datetime import datetime

from prefect.artifacts import create_markdown_artifact

from flows.links import answer_link
from flows.operations.boards import board_markdown, read_board
from flows.operations.case_page import case_markdown
from flows.settings import Settings

BOARD_KEY = "open-cases"


def publish_board(settings: Settings, now: datetime) -> None:
    """Show the board of open cases under a fixed key; its history is kept."""
    text = board_markdown(read_board(settings, now), now, answer_link(settings))
    create_markdown_artifact(text, key=BOARD_KEY, description="在办案件看板")


def publish_case(settings: Settings, case_id: str, now: datetime) -> None:
    """Show one case's page, and the board that it changed."""
    text = case_markdown(settings, case_id, now, answer_link(settings))
    key = f"case-{case_id.lower()}"
    create_markdown_artifact(text, key=key, description=f"案件 {case_id}")
    publish_board(settings, now)
