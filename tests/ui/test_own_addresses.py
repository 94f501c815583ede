"""The addresses that the server answers by itself: the deadlines' health, and the boards by name."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from flows.clock import real_now
from flows.links import note_boards
from flows.ui_server import OwnAddresses


def ask(home: Path, path: str, method: str = "GET") -> httpx.Response:
    async def rest(_request: object) -> PlainTextResponse:
        return PlainTextResponse("prefect")

    routes = [Route("/{path:path}", rest, methods=["GET", "POST"])]
    app = OwnAddresses(Starlette(routes=routes), home)

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path)

    return asyncio.run(get())


def beat(home: Path, clean_at: object) -> None:
    noted = {"clean_at": clean_at, "ledger_position": 7, "ledger_hash": "f" * 64}
    (home / "audit-heartbeat.json").write_text(json.dumps(noted), encoding="utf-8")


@pytest.fixture(autouse=True)
def real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUZHEN_NOW", raising=False)


def test_only_a_fresh_clean_audit_is_healthy(tmp_path: Path) -> None:
    assert ask(tmp_path, "/health/deadlines").status_code == 503
    beat(tmp_path, (real_now() - timedelta(minutes=14)).isoformat())
    healthy = ask(tmp_path, "/health/deadlines")
    assert (healthy.status_code, healthy.json()["status"]) == (200, "ok")
    assert 830 <= healthy.json()["age_s"] <= 900
    assert "f" * 64 not in healthy.text
    for clean_at, status in (
        ((real_now() - timedelta(minutes=16)).isoformat(), "stale"),
        ((real_now() + timedelta(hours=1)).isoformat(), "stale"),
        ("2026-11-23T09:00:00", "unreadable"),
        (7, "unreadable"),
    ):
        beat(tmp_path, clean_at)
        reply = ask(tmp_path, "/health/deadlines")
        assert (reply.status_code, reply.json()["status"]) == (503, status)


def test_a_demonstration_is_never_healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(tmp_path, real_now().isoformat())
    monkeypatch.setenv("JUZHEN_NOW", real_now().isoformat())
    assert ask(tmp_path, "/health/deadlines").status_code == 503


def test_boards_have_names_that_can_be_remembered(tmp_path: Path) -> None:
    note_boards(tmp_path, {"home": "h-1", "overdue": "o-1", "case-imp-2026-0001": "c-1"})
    for path, artifact_id in (
        ("/board", "h-1"),
        ("/board/overdue", "o-1"),
        ("/board/IMP-2026-0001", "c-1"),
    ):
        reply = ask(tmp_path, path)
        assert reply.status_code == 307
        assert reply.headers["location"] == f"/v2/artifacts/artifact/{artifact_id}"
    assert ask(tmp_path, "/board/../../etc").status_code in (200, 404)
    assert "首页在 /board" in ask(tmp_path, "/board/none").text


def test_everything_else_is_prefects(tmp_path: Path) -> None:
    for path in ("/", "/health", "/health/deadlines/x", "/boards", "/api/health"):
        assert ask(tmp_path, path).text == "prefect"
    assert ask(tmp_path, "/health/deadlines", "POST").text == "prefect"
