"""A fake statistics interface of an office's own client (自建客户端): an invented, ordinary REST shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request
from connectors.simulation.platform_server import BEIJING, json_reply, number

API_KEY = "simulated-office-key-not-a-secret"
MOST_DAYS = 31
_REFUSALS: dict[FaultKind, int] = {"quota": 429, "busy": 503}


class OfficeServer(LoopbackServer):
    """Serves ``/stats/daily?app&from&to&page&size`` and ``/stats/now?app`` behind ``X-Api-Key``.

    Attributes:
        now: the simulated instant, aware.
        faults: what goes wrong.
        calls: how often each path was asked for.
    """

    def __init__(self, *, now: datetime, faults: Iterable[Fault | FaultKind] = ()) -> None:
        """Prepare the interface as of the aware instant *now*."""
        super().__init__()
        self.now = now
        self.faults = FaultPlan(faults)
        self.calls: Counter[str] = Counter()

    def answer(self, request: Request) -> Reply:
        """Answer one request, then let the faults spoil it."""
        endpoint = request.path.strip("/").rsplit("/", 1)[-1]
        self.calls[endpoint] += 1
        return self.faults.spoiled(self._sound(endpoint, request), endpoint, None)

    def _sound(self, endpoint: str, request: Request) -> Reply:
        if request.headers.get("x-api-key") != API_KEY or self.faults.strikes(
            "token_expires_mid_run", endpoint, None
        ):
            return json_reply({"code": 401, "msg": "密钥无效"}, 401)
        for kind, code in _REFUSALS.items():
            if self.faults.strikes(kind, endpoint, None):
                return json_reply({"code": code, "msg": kind}, code)
        if endpoint == "now":
            return json_reply({"code": 0, "data": {"installed": 51_200, "pending": "3"}})
        return self._daily(request) if endpoint == "daily" else json_reply({"code": 404}, 404)

    def _daily(self, request: Request) -> Reply:
        try:
            first = date.fromisoformat(request.query.get("from", ""))
            last = date.fromisoformat(request.query.get("to", ""))
        except ValueError:
            return json_reply({"code": 400, "msg": "日期不合法"}, 400)
        today = self.now.astimezone(BEIJING).date()
        if not first <= last < today or (last - first).days >= MOST_DAYS:
            return json_reply({"code": 400, "msg": "日期范围不合法"}, 400)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        if self.faults.strikes("delay", "daily", None):
            days = []
        size, page = number(request, "size", 10), max(number(request, "page", 1), 1)
        shown = days[(page - 1) * size : page * size]
        return json_reply(
            {"code": 0, "data": {"total": len(days), "items": list(map(_day, shown))}}
        )


def _day(day: date) -> dict[str, object]:
    ordinal = day.toordinal()
    return {
        "date": f"{day:%Y/%m/%d}",
        "users": {"active": 900 + ordinal % 97, "new": ordinal % 13},
        "crash_free_percent": 99.5,
    }
