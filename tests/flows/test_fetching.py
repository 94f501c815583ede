"""Many accounts at once: what nobody expected costs the account it strikes, and is on record."""

from __future__ import annotations

from datetime import date, datetime

from connectors.http import RetryPolicy, http_client
from connectors.wechat import WechatAccount, Window
from flows.operations.fetching import Pace, Plan, fetch_all
from playbooks.core.working_hours import OFFICE_ZONE

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=OFFICE_ZONE)
DAY = Window(date(2026, 11, 11), date(2026, 11, 11))
WINDOWS = {"getusersummary": [DAY], "getusercumulate": [DAY]}


def test_an_unexpected_error_of_one_account_is_its_own_failed_outcome(wechat, district):
    wechat.now = NOW
    given = wechat.credentials("A0001")
    sound = WechatAccount("A0001", given.appid, given.secret)
    broken = WechatAccount("A0005", "\ud800", "no request can hold this")
    plans = [Plan(account, WINDOWS, {}, ()) for account in (broken, sound)]
    with http_client(wechat.base_url) as client:
        fetches = fetch_all(client, plans, Pace(lambda: NOW, RetryPolicy(waits_s=())))
    told = [(one.outcome.account_id, one.outcome.endpoint, one.outcome.status) for one in fetches]
    assert told == [
        ("A0005", "getusersummary", "failed"),
        ("A0005", "getusercumulate", "failed"),
        ("A0001", "getusersummary", "value"),
        ("A0001", "getusercumulate", "value"),
    ]
    assert all("UnicodeEncodeError" in one.outcome.message for one in fetches[:2])
