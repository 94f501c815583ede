"""Flows with nothing behind them: they prove forms, boards, schedules and stopping on a real stack."""

from __future__ import annotations

import time
from typing import Any

from prefect import flow
from prefect.client.orchestration import get_client

from flows.board_publishing import publish_board
from flows.forms import ImportFile

# Everything an impostor could put into a display name that ends up on a board.
HOSTILE_NAME = (
    '<img src="http://outside.example/html.png"> ![x](http://outside.example/markdown.png) '
    "<script>document.title='taken'</script> <iframe src=\"http://outside.example/\"></iframe>"
)


@flow(name="办理步骤")
def answer_step(form: dict[str, Any], step_id: str = "") -> None:
    """Write what was submitted to a board."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in form.items())
    board = (
        f"# 在办案件\n\n步骤 {step_id}\n\n| 栏目 | 内容 |\n|---|---|\n{rows}\n\n{HOSTILE_NAME}\n"
    )
    with get_client(sync_client=True) as client:
        publish_board(client, "case-board", board, "在办案件看板")


@flow(name="导入文件")
def import_file(form: ImportFile) -> str:
    """Import a file.

    Args:
        form: 先试运行,再正式导入。
    """
    return form.mode


@flow(name="长时间任务")
def long_job() -> None:
    """Run longer than any test waits."""
    time.sleep(600)


@flow(name="定时任务")
def on_schedule() -> None:
    """Do nothing; the server only has to plan it."""
