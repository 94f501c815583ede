"""A fake of the invented interface, for its tests and for trying it by hand."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, timedelta

from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request
from connectors.simulation.platform_server import json_reply, number

SECRET = "simulated-app-secret"  # noqa: S105 - of a fake
PAGE = 5


class SignedAppServer(LoopbackServer):
    """Serves ``/v1/daily`` to whoever signs; ``faults`` says what goes wrong."""

    def __init__(self, faults: Iterable[Fault | FaultKind] = ()) -> None:
        """Prepare the interface."""
        super().__init__()
        self.faults = FaultPlan(faults)

    def answer(self, request: Request) -> Reply:
        """Answer one request, then let the faults spoil it."""
        return self.faults.spoiled(self._sound(request), "daily", None)

    def _sound(self, request: Request) -> Reply:
        query = "&".join(f"{name}={request.query[name]}" for name in sorted(request.query))
        text = f"{request.headers.get('x-at', '')}\n{request.path}\n{query}"
        wanted = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, request.headers.get("x-sign", "")):
            return json_reply({"code": 11, "msg": "bad signature"})
        if self.faults.strikes("quota", "daily", None):
            return json_reply({"code": 20, "msg": "quota"})
        begin = date.fromisoformat(request.query["from"])
        end = date.fromisoformat(request.query["to"])
        days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
        start = (number(request, "page", 1) - 1) * PAGE
        rows = [
            {"day": day.isoformat(), "followers": 1000 + day.toordinal() % 97, "reads": day.day}
            for day in days[start : start + PAGE]
        ]
        more = start + PAGE < len(days)
        return json_reply({"code": 0, "msg": "ok", "data": {"rows": rows, "more": more}})
