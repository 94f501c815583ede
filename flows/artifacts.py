"""Boards and case pages as Prefect artifacts, each under one address that operators can bookmark."""

from __future__ import annotations

from datetime import datetime

from flows.board_publishing import board_ids, draw_board, publish_board
from flows.links import addresses, board_path, note_boards, read_board_notes
from flows.operations.addresses import case_key
from flows.operations.all_boards import BOARDS, all_boards
from flows.operations.board_pages import Page
from flows.operations.case_page import case_markdown
from flows.operations.war_room import incident_pages
from flows.settings import Settings, read_settings


def publish_page(key: str, markdown: str, title: str) -> None:
    """Show *markdown* under *key*, replacing what stood there, and note where it stands."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        note_boards(read_settings().home, {key: publish_board(client, key, markdown, title)})


def publish_boards(settings: Settings, now: datetime) -> None:
    """Draw every board."""
    _publish(settings, now, {})


def publish_case(settings: Settings, case_id: str, now: datetime) -> str:
    """Draw one case's page and every board; return the address of the page."""
    key = case_key(case_id)
    ids = _publish(settings, now, {key: case_id})
    return board_path(ids[key])


def publish_outcome(sentence: str, page: str, *, is_done: bool) -> None:
    """Keep on the run itself how a submitted form ended, with the way to the case's page."""
    from prefect.artifacts import create_markdown_artifact

    head = "## 已办成" if is_done else "## 未办成"
    link = f"\n\n[打开案件页]({page})" if page else ""
    create_markdown_artifact(f"{head}\n\n{_quoted(sentence)}{link}", description="办理结果")


def _publish(settings: Settings, now: datetime, cases: dict[str, str]) -> dict[str, str]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        # Boards link to each other and to the case: all of them exist before one is drawn.
        titles = dict(BOARDS) | {key: f"案件 {case_id}" for key, case_id in cases.items()}
        ids = board_ids(client, titles)
        note_boards(settings.home, ids)
        pages = _pages(settings, now, cases)
        ids |= board_ids(client, {page.key: page.title for page in pages if page.key not in ids})
        note_boards(settings.home, ids)
        for page in pages:
            ids[page.key] = draw_board(client, page.key, ids[page.key], page.text, page.title)
    note_boards(settings.home, ids)
    return ids


def _pages(settings: Settings, now: datetime, cases: dict[str, str]) -> list[Page]:
    where = addresses(settings)
    drawn = read_board_notes(settings.home)
    shown = [
        Page(key, f"案件 {case_id}", case_markdown(settings, case_id, now, where))
        for key, case_id in cases.items()
    ]
    incidents = incident_pages(settings, now, where)
    return [*all_boards(settings, now, where, drawn), *incidents, *shown]


def _quoted(sentence: str) -> str:
    from flows.operations.boards import shown

    return "\n\n".join(shown(line, 2_000) for line in sentence.splitlines() if line.strip())
