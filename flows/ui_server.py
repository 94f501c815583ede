"""Prefect's own server application, sealed so that nothing it shows can call out of the machine.

The bundled V2 interface fetches ``sr-client-cfg.amplitude.com`` on load whatever the analytics
settings say, ``/docs`` loads scripts from a public network, and a hostile account name in a markdown
artifact may carry an image address. A Content-Security-Policy answers all three in the browser
without touching an installed file. Host names are checked because a page elsewhere may point its
own name at 127.0.0.1 (DNS rebinding), and whoever reaches the API can run code on the worker.

Two addresses are added: ``/health/deadlines`` says to whatever watches from outside whether the
deadlines are looked after, and ``/board`` leads to the boards by names that can be remembered.

One thing is mended on the way: with SQLite the API answers 503, and under load 500, now and then
("database is locked").
Prefect's own client asks again, its interface does not, and an operator's Submit would be lost.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from flows import clock
from flows.links import board_path, read_board_notes
from flows.operations.addresses import HOME, case_key
from flows.operations.health import read_heartbeat

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED_HOSTS_VARIABLE = "JUZHEN_UI_ALLOWED_HOSTS"

HEALTH_PATH = "/health/deadlines"
BOARD_PATH = "/board"
BUSY = 503
# The server names only some of its lock errors retryable; the others come out as plain 500.
REPEATED = (500, BUSY)
PAUSES_S = (0.1, 0.2, 0.4, 0.8, 1.6)  # between tries; then the operator sees the error

# Inline styles: both interfaces set them from script. blob: workers and data: images: the code
# editor and the icons. Everything else comes from the server's own address or not at all.
SECURITY_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "style-src 'self' 'unsafe-inline'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class SealedResponses:
    """ASGI middleware that adds ``SECURITY_HEADERS`` to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; websockets and lifespan messages go through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(key.encode(), value.encode()) for key, value in SECURITY_HEADERS.items()]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self.app(scope, receive, send_sealed)


class RepeatedSubmissions:
    """ASGI middleware that submits a form again when the database was busy.

    Safe to repeat: the endpoint is one transaction, and a busy database has rolled all of it back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but submissions, whose body is kept for another try."""
        if scope["type"] != "http" or not scope["path"].endswith("/create_flow_run"):
            await self.app(scope, receive, send)
            return
        from sqlalchemy.exc import SQLAlchemyError

        body = await _body(receive)
        for pause_s in (*PAUSES_S, None):
            answer: list[Message] = []
            try:
                await self.app(dict(scope), _replayed(body, receive), _collector(answer))
            except SQLAlchemyError:
                # The check of the token meets a locked database too, where no answer is made of it.
                if pause_s is None:
                    raise
            else:
                if pause_s is None or answer[0]["status"] not in REPEATED:
                    break
            await asyncio.sleep(pause_s)
        for message in answer:  # pyright: ignore[reportPossiblyUnboundVariable]
            await send(message)


class OwnAddresses:
    """ASGI middleware that answers ``/health/deadlines`` and ``/board/<key>``, and passes on the rest.

    Neither asks for the login: the one tells an age, the other leads to a page whose content does.
    """

    def __init__(self, app: ASGIApp, home: Path) -> None:
        self.app = app
        self.home = home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET on our own addresses."""
        path = scope.get("path", "")
        is_ours = path in (HEALTH_PATH, BOARD_PATH) or path.startswith(BOARD_PATH + "/")
        if scope["type"] != "http" or not is_ours or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        answer = self._health() if path == HEALTH_PATH else self._board(path)
        await answer(scope, receive, send)

    def _health(self) -> Response:
        from starlette.responses import JSONResponse

        headers = {"cache-control": "no-store"}
        if clock.is_fixed():
            # A demonstration's clock stands still, and every beat would look fresh for ever.
            return JSONResponse({"status": "clock is fixed"}, BUSY, headers)
        beat = read_heartbeat(self.home, clock.real_now())
        facts = {
            "status": beat.status,
            "clean_at": beat.clean_at.isoformat() if beat.clean_at else None,
            "age_s": round(beat.age_s) if beat.age_s is not None else None,
        }
        return JSONResponse(facts, 200 if beat.status == "ok" else BUSY, headers)

    def _board(self, path: str) -> Response:
        from starlette.responses import PlainTextResponse, RedirectResponse

        key = path[len(BOARD_PATH) :].strip("/") or HOME
        noted = read_board_notes(self.home)
        artifact_id = noted.get(key) or noted.get(case_key(key))
        if artifact_id is None:
            sentence = "没有这个看板；首页在 /board，刚启动时请稍候一分钟再试"
            return PlainTextResponse(sentence, 404)
        return RedirectResponse(board_path(artifact_id), 307)


def create_app() -> FastAPI:
    """Return Prefect's API and interface behind the seal; uvicorn calls this (``--factory``).

    ``JUZHEN_UI_ALLOWED_HOSTS`` holds the host names a browser may use, separated by commas;
    ``JUZHEN_HOME`` the data folder with the audit's heartbeat and the notes of the boards.
    """
    from prefect.server.api.server import create_app as create_prefect_app
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    allowed_hosts = os.environ.get(ALLOWED_HOSTS_VARIABLE, "127.0.0.1,localhost").split(",")
    app = create_prefect_app(final=True)
    app.add_middleware(RepeatedSubmissions)
    app.add_middleware(OwnAddresses, home=Path(os.environ.get("JUZHEN_HOME", ".juzhen")))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts, www_redirect=False)
    app.add_middleware(SealedResponses)
    return app


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def receive_again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()  # the real one: it tells when the browser goes away

    return receive_again


def _collector(answer: list[Message]) -> Send:
    async def collect(message: Message) -> None:
        answer.append(message)

    return collect
