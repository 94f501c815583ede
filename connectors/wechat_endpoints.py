"""The WeChat endpoints as ``wechat.yml`` declares them, and the days to ask each of them for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import yaml

from connectors.outcome import FetchStatus

SHANGHAI = ZoneInfo("Asia/Shanghai")
READY_HOUR = 8  # Asia/Shanghai: the platform computes the day before until then

NextStep = Literal["go_on", "retry", "renew_token", "stop_endpoint", "stop_account"]

_Declared = dict[str, dict[str, Any]]  # YAML; a key the dataclass does not know raises
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint's limits and the shape of its rows; the fields are explained in the YAML."""

    name: str
    path: str
    rows_key: str
    max_span_days: int
    look_back_days: int
    first_days: int
    reach_days: int
    data_since: date
    daily_quota: int
    quota_reserve: int
    required: Sequence[str]
    metrics: Mapping[str, str]
    day_key: str | None = None
    page_size: int | None = None
    max_pages: int = 1

    @property
    def call_limit(self) -> int:
        """Calls one account may spend on this endpoint in a day; the reserve is left to people."""
        return self.daily_quota - self.quota_reserve


@dataclass(frozen=True, slots=True)
class PlatformError:
    """How one ``errcode`` is taken: the outcome's status, what follows, and the operator's words."""

    status: FetchStatus
    next_step: NextStep
    meaning: str


@dataclass(frozen=True, slots=True)
class Window:
    """Days to ask about, both included, in Asia/Shanghai."""

    begin_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class DayPlan:
    """Windows to ask for, oldest first, and the missed days that can no longer be asked for."""

    windows: tuple[Window, ...]
    lost: Window | None = None


def load_endpoints() -> Mapping[str, Endpoint]:
    """Return every live endpoint by name, in the order of ``wechat.yml``."""
    return _declaration()[0]


def load_errors() -> Mapping[int, PlatformError]:
    """Return the known error codes and how each is taken."""
    return _declaration()[1]


@cache
def _declaration() -> tuple[Mapping[str, Endpoint], Mapping[int, PlatformError]]:
    text = Path(__file__).with_name("wechat.yml").read_text(encoding="utf-8")
    declared = cast("dict[str, Any]", yaml.safe_load(text))
    endpoints = {
        name: Endpoint(name=name, **fields)
        for name, fields in cast("_Declared", declared["endpoints"]).items()
    }
    errors = {code: PlatformError(**fields) for code, fields in declared["errors"].items()}
    return endpoints, errors


def plan_days(endpoint: Endpoint, last_success_on: date | None, now: datetime) -> DayPlan:
    """Return the windows one night has to ask for: restated days, and those missed since.

    Args:
        endpoint: from ``load_endpoints``.
        last_success_on: the last day before the first gap, that is, every day up to it has an
            answer (``value`` or ``absent``); None before the first night.
        now: an aware instant.

    The newest day is yesterday, or the day before until 08:00 in Asia/Shanghai, because the
    platform says its figures are ready after that hour. Days further back than ``reach_days``
    are not asked for and reported in ``lost``.
    """
    local = now.astimezone(SHANGHAI)
    newest_on = local.date() - _ONE_DAY * (1 if local.hour >= READY_HOUR else 2)
    if endpoint.page_size is not None:
        newest_on = local.date()  # a list of items is live, not computed overnight
    reach_on = max(newest_on - _ONE_DAY * (endpoint.reach_days - 1), endpoint.data_since)
    if last_success_on is None:
        begin_on, lost = newest_on - _ONE_DAY * (endpoint.first_days - 1), None
    else:
        missed_on = last_success_on + _ONE_DAY
        # Days that were still being restated when the nights stopped are read again as well.
        begin_on = min(missed_on, newest_on) - _ONE_DAY * (endpoint.look_back_days - 1)
        lost = _lost(missed_on, reach_on, endpoint)
    begin_on = max(begin_on, reach_on)
    return DayPlan(split_days(endpoint, begin_on, newest_on), lost)


def _lost(missed_on: date, reach_on: date, endpoint: Endpoint) -> Window | None:
    begin_on = max(missed_on, endpoint.data_since)
    return Window(begin_on, reach_on - _ONE_DAY) if begin_on < reach_on else None


def split_days(endpoint: Endpoint, begin_on: date, end_on: date) -> tuple[Window, ...]:
    """Return the days from *begin_on* to *end_on* in windows as long as the endpoint allows."""
    windows: list[Window] = []
    while begin_on <= end_on:
        last_on = min(begin_on + _ONE_DAY * (endpoint.max_span_days - 1), end_on)
        windows.append(Window(begin_on, last_on))
        begin_on = last_on + _ONE_DAY
    return tuple(windows)
