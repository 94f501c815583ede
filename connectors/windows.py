"""The days to ask an endpoint for: restated ones again, missed ones still, and those lost for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.declaration import Endpoint

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)


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


def plan_days(endpoint: Endpoint, last_success_on: date | None, now: datetime) -> DayPlan:
    """Return the windows one night has to ask for: restated days, and those missed since.

    Args:
        endpoint: of a declaration.
        last_success_on: the last day before the first gap, that is, every day up to it has an
            answer (``value`` or ``absent``); None before the first night.
        now: an aware instant.

    The newest day is yesterday, or the day before until the endpoint's ``ready_hour`` in
    Asia/Shanghai, because the platform says its figures are ready after that hour; what answers for
    this moment is asked about today. Days further back than ``reach_days`` are not asked for and
    reported in ``lost``.
    """
    newest_on = _newest_on(endpoint, now)
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


def _newest_on(endpoint: Endpoint, now: datetime) -> date:
    local = now.astimezone(SHANGHAI)
    if endpoint.is_live:
        return local.date()
    return local.date() - _ONE_DAY * (1 if local.hour >= endpoint.ready_hour else 2)


def _lost(missed_on: date, reach_on: date, endpoint: Endpoint) -> Window | None:
    begin_on = max(missed_on, endpoint.data_since)
    return Window(begin_on, reach_on - _ONE_DAY) if begin_on < reach_on else None


def split_days(endpoint: Endpoint, begin_on: date, end_on: date) -> tuple[Window, ...]:
    """Return the days from *begin_on* to *end_on* in windows as the endpoint takes them.

    An endpoint that only knows the last so many days gets one window, of the shortest length that
    holds them all, or of its longest.
    """
    if endpoint.asks == "recent_days":
        lengths = sorted(endpoint.recent_lengths)
        wanted = (end_on - begin_on).days + 1
        length = next((one for one in lengths if one >= wanted), lengths[-1])
        return (Window(end_on - _ONE_DAY * (length - 1), end_on),)
    windows: list[Window] = []
    while begin_on <= end_on:
        last_on = min(begin_on + _ONE_DAY * (endpoint.max_span_days - 1), end_on)
        windows.append(Window(begin_on, last_on))
        begin_on = last_on + _ONE_DAY
    return tuple(windows)
