"""Many accounts at once: what nobody expected costs the account it strikes, and is on record."""

from __future__ import annotations

from datetime import date, datetime

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
