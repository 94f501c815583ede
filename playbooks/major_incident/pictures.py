"""The charts in an incident's documents: how much was said day by day, and who published when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from playbooks.core.documents.model import Figure
from playbooks.core.drafting import VolumeDay
from playbooks.major_incident.facts import Published

SHORTEST = timedelta(minutes=30)
"""A chart of less than this would show nothing but its axis."""


def figures_of(
    volume: Sequence[VolumeDay], published: Published | None, now: datetime
) -> dict[str, Figure]:
    """Return the charts there are figures for; the template leaves out what is not here."""
    figures: dict[str, Figure] = {}
    if len(volume) > 1:
        figures["volume"] = _volume(volume)
    if published and published.times:
        figures["published"] = _published(published, now)
    return figures


def _volume(volume: Sequence[VolumeDay]) -> Figure:
    from playbooks.core.charts import Series, line_trend

    days = [each.day for each in volume]
    series = [
        Series("评论", [each.comments for each in volume]),
        Series("私信留言", [each.messages for each in volume]),
        Series("发布", [each.published for each in volume]),
    ]
    known = [each for each in series if any(value is not None for value in each.values)]
    png = line_trend("评论、留言与发布的数量", days, known, "条")
    return Figure(
        png,
        caption="全部在管账号每天的评论、留言与发布（未取得的不画）",
        alt=f"{days[0]} 至 {days[-1]} 各天的评论、私信留言与发布数量，数值见表",
    )


def _published(published: Published, now: datetime) -> Figure:
    from playbooks.core.charts import count_over_time

    last = max(*published.times, *([published.due_at] if published.due_at else []))
    end = min(max(last, published.issued_at + SHORTEST), max(now, published.issued_at + SHORTEST))
    png = count_over_time(
        "统一部署后已发布的账号",
        published.times,
        (published.issued_at, end),
        published.required,
        published.due_at,
    )
    return Figure(
        png,
        caption="统一部署后各账号发布的先后（发布时间不明的不画）",
        alt=f"应发布 {published.required} 个账号，已发布 {published.done} 个，各自的时间见表",
    )
