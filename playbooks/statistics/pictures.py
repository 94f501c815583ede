"""The charts of a packet and the sheets of the very figures they draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from playbooks.core.charts import Series, calendar_heat_map, grouped_bars, line_trend, ranking
from playbooks.core.documents import Figure, visible
from playbooks.statistics.figures import AccountFigures, Figures, weeks_of
from playbooks.statistics.labels import order_of, register_label
from playbooks.statistics.numbers import Amount, as_float, days_of, optional_sum
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

MOST_BARS = 18
FEWEST_RANKED, MOST_RANKED = 3, 15
MOST_LINES = 8
NAME_CHARACTERS = 9  # leaves room for the coverage within the label of a chart


@dataclass(frozen=True)
class Picture:
    """A chart and its figures; ``figure`` is None where there was nothing to draw."""

    figure: Figure | None
    table: PacketTable


@dataclass(frozen=True)
class Daily:
    """Figures by account and day, read once from the frame of days."""

    followers: dict[tuple[str, date], float]
    published: dict[tuple[str, date], float]


def daily_of(figures: Figures) -> Daily:
    """Return the frame of days as two mappings; a day that is missing is not in them."""
    daily = Daily({}, {})
    for row in figures.frames["daily"].iter_rows(named=True):
        key = (str(row["account_id"]), cast("date", row["stat_date"]))
        for column, mapping in (
            ("followers_total", daily.followers),
            ("published_count", daily.published),
        ):
            value = as_float(row[column])
            if value is not None:
                mapping[key] = value
    return daily


def weekly_publishing(figures: Figures, daily: Daily) -> Picture:
    """Return the publications of every week, cut at the ends of the period."""
    weeks = weeks_of(figures.period.begin_on, figures.through_on)
    amounts = [_published(figures, daily, first, last) for first, last in weeks]
    values = [amount.value for amount in amounts]
    columns = (
        PacketColumn("周起", "date"),
        PacketColumn("周止", "date"),
        PacketColumn("发布信息（条）", "amount"),
    )
    rows: list[Sequence[Cell]] = [
        (first, last, amount) for (first, last), amount in zip(weeks, amounts, strict=True)
    ]
    table = PacketTable("每周发布", "每周发布", columns, rows)
    if optional_sum(values) is None:
        return Picture(None, table)
    title = "每周发布信息数"
    series = [Series("发布信息", values)]
    if len(weeks) > MOST_BARS:
        png = line_trend(title, [first for first, _ in weeks], series, "条")
    else:
        png = grouped_bars(title, [f"{first:%m-%d}" for first, _ in weeks], series, "条")
    alt = f"{figures.period.label}每周发布信息数，横轴为每周首日"
    return Picture(Figure(png, "每周发布信息数（横轴为每周首日）", alt), table)


def publishing_calendar(figures: Figures, daily: Daily) -> Picture:
    """Return the publications of every day; a day of which nothing is known is grey."""
    days = days_of(figures.period.begin_on, figures.through_on)
    amounts = [_published(figures, daily, day, day) for day in days]
    columns = (PacketColumn("日期", "date"), PacketColumn("发布信息（条）", "amount"))
    rows: list[Sequence[Cell]] = [(d, amount) for d, amount in zip(days, amounts, strict=True)]
    table = PacketTable("每日发布", "每日发布", columns, rows)
    values = {day: amount.value for day, amount in zip(days, amounts, strict=True)}
    if optional_sum(list(values.values())) is None:
        return Picture(None, table)
    png = calendar_heat_map("发布日历", values, "条")
    alt = f"{figures.period.label}每日发布信息数的日历热力图，灰色为未取得"
    return Picture(Figure(png, "发布日历（灰色为未取得）", alt), table)


def publishing_ranks(figures: Figures) -> list[Picture]:
    """Return one ranking by publications for each platform: groups are never mixed or weighted."""
    pictures: list[Picture] = []
    for platform in order_of("platform"):
        ranked = sorted(
            (
                account
                for account in figures.operating
                if account.platform == platform and account.totals["published_count"] is not None
            ),
            key=lambda account: (-(account.totals["published_count"] or 0), account.account_id),
        )
        if len(ranked) >= FEWEST_RANKED:
            pictures.append(_rank(register_label("platform", platform), ranked))
    return pictures


def _rank(platform: str, ranked: Sequence[AccountFigures]) -> Picture:
    columns = (
        PacketColumn("账号"),
        PacketColumn("主办单位"),
        PacketColumn("发布信息（条）", "amount"),
    )
    rows: list[Sequence[Cell]] = [
        (
            account.name,
            account.unit_name,
            Amount(
                account.totals["published_count"],
                account.days["published_count"],
                account.expected_days,
                "条",
            ),
        )
        for account in ranked
    ]
    shown = ranked[:MOST_RANKED]
    png = ranking(
        f"{platform}账号发布信息数",
        [_rank_name(account) for account in shown],
        [account.totals["published_count"] for account in shown],
        "条",
    )
    caption = f"{platform}账号发布信息数（前{len(shown)}个，括号内为未满的覆盖日）"
    return Picture(
        Figure(png, caption, f"{platform}账号按发布信息数由多到少的条形图"),
        PacketTable(f"发布排列-{platform}", caption, columns, rows),
    )


def follower_trend(figures: Figures, daily: Daily) -> Picture:
    """Return the followers at the end of each week by platform, always of the same accounts.

    An account that lacks figures in some week would make the sum fall without anybody leaving, so
    only accounts known in every week count. A week's figure is its last known day.
    """
    weeks = weeks_of(figures.period.begin_on, figures.through_on)
    ends = [last for _, last in weeks]
    series: list[Series] = []
    rows: list[Sequence[Cell]] = []
    included = 0
    for platform in order_of("platform"):
        lines = _whole_lines(figures, daily, platform, weeks)
        if lines and len(series) < MOST_LINES:
            sums = [optional_sum(list(values)) for values in zip(*lines, strict=True)]
            label = register_label("platform", platform)
            included += len(lines)
            series.append(Series(label, sums))
            rows += [(label, last, sum_, len(lines)) for last, sum_ in zip(ends, sums, strict=True)]
    columns = (
        PacketColumn("平台"),
        PacketColumn("周止", "date"),
        PacketColumn("粉丝（人）", "count"),
        PacketColumn("计入账号（个）", "count"),
    )
    table = PacketTable("粉丝趋势", "粉丝趋势", columns, rows)
    if not series:
        return Picture(None, table)
    png = line_trend("每周末粉丝数", ends, series, "人")
    counted = f"只计每周均有数的{included}个账号，共{len(figures.operating)}个"
    caption = f"每周末粉丝数（取当周最后有数之日，{counted}）"
    return Picture(Figure(png, caption, f"{figures.period.label}每周末粉丝数折线图"), table)


def _whole_lines(
    figures: Figures, daily: Daily, platform: str, weeks: Sequence[tuple[date, date]]
) -> list[list[float | None]]:
    """Return the weekly followers of the accounts of *platform* that are known in every week."""
    lines = [
        _weekly_followers(account, daily, weeks)
        for account in figures.operating
        if account.platform == platform
    ]
    return [line for line in lines if None not in line]


def _weekly_followers(
    account: AccountFigures, daily: Daily, weeks: Sequence[tuple[date, date]]
) -> list[float | None]:
    values: list[float | None] = []
    for first, last in weeks:
        known = [
            daily.followers[account.account_id, day]
            for day in days_of(first, last)
            if (account.account_id, day) in daily.followers
        ]
        values.append(known[-1] if known else None)
    return values


def _published(figures: Figures, daily: Daily, first: date, last: date) -> Amount:
    """Return the publications of the scope from *first* to *last*, with coverage."""
    known: list[float | None] = []
    expected = 0
    for account in figures.operating:
        for day in days_of(first, last):
            is_open = account.opened_on is None or account.opened_on <= day
            expected += is_open
            value = daily.published.get((account.account_id, day))
            if value is not None:
                known.append(value)
    return Amount(optional_sum(known), len(known), expected, "条")


def _rank_name(account: AccountFigures) -> str:
    days = account.days["published_count"]
    name = visible(account.name, 200)
    if days >= account.expected_days:
        return name
    cut = name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"
    return f"{cut}（{days}/{account.expected_days}）"
