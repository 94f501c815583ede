"""Many accounts at once: what nobody expected costs the account it strikes, and is on record."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime

import httpx

from connectors.asking import SourceAccount
from connectors.declaration_file import bundled
from connectors.http import RetryPolicy, http_client
from connectors.source import Pace
from connectors.windows import Window
from flows.operations.fetching import Plan, fetch_all
from playbooks.core.working_hours import OFFICE_ZONE

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=OFFICE_ZONE)
DAY = Window(date(2026, 11, 11), date(2026, 11, 11))
WINDOWS = {"getusersummary": [DAY], "getusercumulate": [DAY]}


def test_an_unexpected_error_of_one_account_is_its_own_failed_outcome(wechat, district):
    wechat.now = NOW
    given = wechat.credentials("A0001")
    sound = SourceAccount("A0001", {"appid": given.appid, "secret": given.secret})
    broken = SourceAccount("A0005", {"appid": "\ud800", "secret": "no request can hold this"})
    plans = [Plan(bundled("wechat"), account, WINDOWS) for account in (broken, sound)]
    with http_client(wechat.base_url) as client:
        fetches = fetch_all(lambda _: client, plans, Pace(lambda: NOW, RetryPolicy(waits_s=())))
    told = [(one.outcome.account_id, one.outcome.endpoint, one.outcome.status) for one in fetches]
    assert told == [
        ("A0005", "getusersummary", "failed"),
        ("A0005", "getusercumulate", "failed"),
        ("A0001", "getusersummary", "value"),
        ("A0001", "getusercumulate", "value"),
    ]
    assert all("UnicodeEncodeError" in one.outcome.message for one in fetches[:2])


def test_no_source_is_asked_more_accounts_at_once_than_it_declares_and_sources_do_not_wait():
    """Every call waits until as many are under way as may be: one too few would never be answered."""
    limits = {"wechat": 4, "kuaishou": 1, "douyin": 2}
    declarations = {name: replace(bundled(name), token=None, auth=None) for name in limits}
    gates = {name: Gate(limit) for name, limit in limits.items()}
    plans = [
        Plan(declaration, SourceAccount(f"{name}-{number}", {}), {endpoint_of(declaration): [DAY]})
        for name, declaration in declarations.items()
        for number in range(2 * limits[name])
    ]
    clients = {
        one.source: httpx.Client(base_url="http://a", transport=httpx.MockTransport(gates[name]))
        for name, one in declarations.items()
    }
    pace = Pace(lambda: NOW, RetryPolicy(waits_s=(), sleep=lambda _: None))
    fetch_all(lambda declaration: clients[declaration.source], plans, pace)
    for client in clients.values():
        client.close()
    assert {name: gate.most for name, gate in gates.items()} == limits
    assert {name: declarations[name].accounts_at_once for name in limits} == limits


def endpoint_of(declaration):
    return next(name for name, one in declaration.endpoints.items() if one.asks != "items")


class Gate:
    """Answers nothing before *limit* calls are under way together, and counts how many ever were."""

    def __init__(self, limit):
        self.barrier, self.lock = threading.Barrier(limit), threading.Lock()
        self.now = self.most = 0

    def __call__(self, request):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.barrier.wait(timeout=30)
        with self.lock:
            self.now -= 1
        return httpx.Response(404)
