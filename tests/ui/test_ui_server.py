"""The middleware in front of Prefect, on a small application of the same kind."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from flows import ui_server
from flows.ui_server import RepeatedSubmissions, SealedResponses

FORM = "/api/deployments/d-1/create_flow_run"


class Busy:
    """Answers an error a number of times, as SQLite makes Prefect do, then takes the form."""

    def __init__(self, times: int, error: int | Exception = 503) -> None:
        self.times = times
        self.error = error
        self.bodies: list[bytes] = []

    async def take(self, request: Request) -> JSONResponse:
        self.bodies.append(await request.body())
        if isinstance(self.error, Exception) and len(self.bodies) <= self.times:
            raise self.error
        status = self.error if len(self.bodies) <= self.times else 201
        return JSONResponse({"tries": len(self.bodies)}, status_code=status)


def post(busy: Busy, path: str, content: bytes = b"") -> httpx.Response:
    routes = [Route("/deployments/{name}/create_flow_run", busy.take, methods=["POST"])]
    routes.append(Route("/other", busy.take, methods=["POST"]))
    app = Starlette(routes=[Mount("/api", routes=routes)])

    async def pass_on(request, call_next):  # Prefect's token check is one of these
        return await call_next(request)

    app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    app.add_middleware(RepeatedSubmissions)
    app.add_middleware(SealedResponses)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(path, content=content)

    return asyncio.run(ask())


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_server, "PAUSES_S", (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("busy_times", "status", "tries"), [(0, 201, 1), (3, 201, 4), (9, 503, 4)])
def test_a_form_is_submitted_again_while_the_database_is_busy(
    busy_times: int, status: int, tries: int
) -> None:
    busy = Busy(busy_times)
    reply = post(busy, FORM, "表单".encode() * 100_000)
    assert reply.status_code == status
    assert reply.json() == {"tries": tries}
    assert busy.bodies == ["表单".encode() * 100_000] * tries
    assert "default-src 'self'" in reply.headers["content-security-policy"]


def test_a_lock_that_comes_out_as_a_plain_error_is_repeated_too() -> None:
    busy = Busy(2, error=500)
    assert post(busy, FORM, b"form").status_code == 201
    assert len(busy.bodies) == 3


def test_a_lock_that_nobody_made_an_answer_of_is_repeated_too() -> None:
    locked = OperationalError("select", {}, Exception("database is locked"))
    busy = Busy(2, error=locked)
    assert post(busy, FORM, b"form").status_code == 201
    assert len(busy.bodies) == 3


def test_a_refused_form_is_not_repeated() -> None:
    busy = Busy(1, error=409)
    assert post(busy, FORM, b"form").status_code == 409
    assert len(busy.bodies) == 1


def test_nothing_else_is_repeated() -> None:
    busy = Busy(1)
    assert post(busy, "/api/other").status_code == 503
    assert len(busy.bodies) == 1
