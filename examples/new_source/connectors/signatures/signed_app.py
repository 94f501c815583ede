"""The signature of the invented interface: HMAC-SHA256 over instant, path and sorted query."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime

from connectors.asking import SourceAccount
from connectors.http import Request


def signed(request: Request, account: SourceAccount, now: datetime) -> Request:
    """Return *request* with ``X-At`` and ``X-Sign``."""
    at = str(int(now.timestamp()))
    sign = signature(account.values["app_secret"], at, request)
    return replace(request, headers={**request.headers, "X-At": at, "X-Sign": sign})


def signature(secret: str, at: str, request: Request) -> str:
    """Return what the interface expects in ``X-Sign``."""
    query = "&".join(f"{name}={request.query[name]}" for name in sorted(request.query))
    text = f"{at}\n{request.path}\n{query}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
