"""Bulk projection at its edges; that it equals `project` is a property test beside this file."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from playbooks.core.calendar import load_calendar
from playbooks.core.limit_bulk import project_many
from playbooks.core.limits import Limit, LimitKind, Unit

CALENDAR = load_calendar()
FIFTEEN = Limit(15, Unit.WORKING_DAYS, LimitKind.STATUTORY, "第十三条")


def test_article_13_for_a_column() -> None:
    starts = pl.Series(
        [datetime(2026, 11, 23, 1, tzinfo=UTC), None, datetime(2026, 12, 11, 1, tzinfo=UTC)]
    )
    assert project_many(starts, FIFTEEN, CALENDAR).rows() == [
        (datetime(2026, 12, 14, 8, 30, tzinfo=UTC), False),
        (None, None),
        (datetime(2027, 1, 4, 8, 30, tzinfo=UTC), True),
    ]


@pytest.mark.parametrize("time_unit", ["ms", "us", "ns"])
def test_any_zone_and_precision(time_unit: str) -> None:
    starts = pl.Series([datetime(2026, 11, 23, 9)]).cast(pl.Datetime(time_unit))
    starts = starts.dt.replace_time_zone("Asia/Shanghai")
    due_at = project_many(starts, FIFTEEN, CALENDAR)["due_at"]
    assert due_at.to_list() == [datetime(2026, 12, 14, 8, 30, tzinfo=UTC)]


@pytest.mark.parametrize("length", [0, 2])
def test_nothing_in_nothing_out(length: int) -> None:
    starts = pl.Series([None] * length, dtype=pl.Datetime("us", "UTC"))
    answer = project_many(starts, FIFTEEN, CALENDAR)
    assert answer.schema == {"due_at": pl.Datetime("us", "UTC"), "is_provisional": pl.Boolean}
    assert answer.rows() == [(None, None)] * length


def test_wrong_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="with a time zone"):
        project_many(pl.Series([datetime(2026, 1, 5)]), FIFTEEN, CALENDAR)
    with pytest.raises(ValueError, match="with a time zone"):
        project_many(pl.Series(["2026-01-05"]), FIFTEEN, CALENDAR)
    with pytest.raises(ValueError, match="expected the years 1992 to 2200"):
        project_many(pl.Series([datetime(1850, 1, 5, tzinfo=UTC)]), FIFTEEN, CALENDAR)
    months = Limit(1, Unit.MONTHS, LimitKind.INTERNAL, "office rule")
    with pytest.raises(ValueError, match="not projected in bulk"):
        project_many(pl.Series([datetime(2026, 1, 5, tzinfo=UTC)]), months, CALENDAR)


def test_nothing_left_at_the_edges_of_sessions() -> None:
    nothing = Limit(0, Unit.WORKING_HOURS, LimitKind.INTERNAL, "office rule")
    starts = pl.Series(
        [
            datetime(2026, 3, 2, 0, 29, tzinfo=UTC),
            datetime(2026, 3, 2, 3, 30, tzinfo=UTC),  # 11:30, the closing itself
            datetime(2026, 3, 2, 3, 31, tzinfo=UTC),
            datetime(2026, 3, 2, 8, 30, tzinfo=UTC),  # 16:30
            datetime(2026, 3, 2, 8, 31, tzinfo=UTC),
        ]
    )
    assert project_many(starts, nothing, CALENDAR)["due_at"].to_list() == [
        datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 2, 3, 30, tzinfo=UTC),
        datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        datetime(2026, 3, 3, 0, 30, tzinfo=UTC),
    ]
