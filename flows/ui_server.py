"""Prefect's own server application, sealed so that nothing it shows can call out of the machine.

The bundled V2 interface fetches ``sr-client-cfg.amplitude.com`` on load whatever the analytics
settings say, ``/docs`` loads scripts from a public network, and a hostile account name in a markdown
artifact may carry an image address. A Content-Security-Policy answers all three in the browser
without touching an installed file. Host names are checked because a page elsewhere may point its
own name at 127.0.0.1 (DNS rebinding), and whoever reaches the API can run code on the worker.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED_HOSTS_VARIABLE = "JUZHEN_UI_ALLOWED_HOSTS"

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


def create_app() -> FastAPI:
    """Return Prefect's API and interface behind the seal; uvicorn calls this (``--factory``).

    ``JUZHEN_UI_ALLOWED_HOSTS`` holds the host names a browser may use, separated by commas.
    """
    from prefect.server.api.server import create_app as create_prefect_app
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    allowed_hosts = os.environ.get(ALLOWED_HOSTS_VARIABLE, "127.0.0.1,localhost").split(",")
    app = create_prefect_app(final=True)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts, www_redirect=False)
    app.add_middleware(SealedResponses)
    return app
