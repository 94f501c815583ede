"""The platform channels as an operator reads them, with the office's own measured times beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sql
from flows.calendars import office_calendar
from flows.operations.boards import markdown_text
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from playbooks.impersonation.channels import Channel, Channels, read_channels
from playbooks.impersonation.times import (
    ALL,
    PlatformTimes,
    milestones_of,
    times_by_platform,
)
from sql.catalogs import open_catalog

GRADES = {"seen": "已见文本", "weak": "弱来源，待核实", "memory": "未见文本，待核实"}
MEASURED_DAYS = 730
"""How far back the office's own times are counted on the board: platforms change their ways."""


def channels_of(settings: Settings) -> Channels:
    """Return the channels with the office's own over them; ``ChannelError`` names faults."""
    return read_channels(settings.home / "channels.yml")


def case_times(settings: Settings, begin_on: date, end_on: date) -> dict[str, PlatformTimes]:
    """Return the times of the cases opened in a period, by platform, ``all`` for the whole."""
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(
            connection,
            "cases/milestones",
            begin=begin_on,
            end=end_on,
            playbook_id="impersonation",
        )
    found = times_by_platform(milestones_of(rows), office_calendar(settings))
    return {times.platform: times for times in found}


def measured_times(settings: Settings, now: datetime) -> dict[str, PlatformTimes]:
    """Return the times of the last two years."""
    today = local_day(now)
    return case_times(settings, today - timedelta(days=MEASURED_DAYS), today)


def channels_markdown(settings: Settings, now: datetime) -> str:
    """Return the registry as Markdown: a table of all, then the entrances of each."""
    channels, measured = channels_of(settings), measured_times(settings, now)
    today = local_day(now)
    lines = [
        "## 平台投诉渠道",
        f"截至 {today}。平台时长不是法定时限；标「待核实」「过期」的先核对再用。"
        "本单位实测取近两年案件的中位数。",
        "",
        "| 平台 | 投诉类型 | 平台通常时长 | 本单位实测（工作日） | 核对日期 | 提示 |",
        "|---|---|---|---|---|---|",
        *(
            _line(channels, platform, measured.get(platform), today)
            for platform in channels.platforms
        ),
    ]
    for channel in channels.platforms.values():
        lines += ["", f"### {markdown_text(channel.title)}", "", *entrance_lines(channel)]
    return "\n".join(lines)


def entrance_lines(channel: Channel) -> list[str]:
    """Return one Markdown line for each entrance of a channel."""
    return [
        f"- {markdown_text(entrance.name)}；材料：{markdown_text('、'.join(entrance.materials))}"
        f"（{markdown_text(entrance.source)}，{GRADES[entrance.grade]}）"
        for entrance in channel.entrances
    ]


def channels_result(settings: Settings, now: datetime) -> dict[str, object]:
    """Return the registry as JSON-ready facts."""
    channels, measured = channels_of(settings), measured_times(settings, now)
    today = local_day(now)
    return {
        platform: {
            **channel.model_dump(mode="json"),
            "warning": channels.warning(platform, today),
            "measured_response_working_days": _response(measured, platform),
        }
        for platform, channel in channels.platforms.items()
    }


def _response(measured: Mapping[str, PlatformTimes], platform: str) -> dict[str, object] | None:
    times = measured.get(platform)
    if times is None or times.response.value is None:
        return None
    return {"median": times.response.value, "case_count": times.response.case_count}


def _line(channels: Channels, platform: str, measured: PlatformTimes | None, today: date) -> str:
    channel = channels.platforms[platform]
    cells = (
        channel.title,
        channel.complaint,
        channel.usual.text if channel.usual else "未找到",
        measured.response.text if measured else "无样本",
        str(channel.checked_on or "未核对"),
        channels.warning(platform, today) or "—",
    )
    return "| " + " | ".join(markdown_text(cell) for cell in cells) + " |"


def times_markdown(
    times: Mapping[str, PlatformTimes], titles: Mapping[str, str], period: str
) -> str:
    """Return the table of times per platform as Markdown."""
    if not times:
        return f"{period}没有立案的假冒案件。"
    lines = [
        f"## 假冒账号处置用时（{period}立案）",
        "中位数；未到该环节的案件不计。均为内部统计，不是法定时限，也不用于考核计分。",
        "",
        "| 平台 | 立案 | 非假冒 | 核实（工作小时） | 发函（工作小时） | 平台处理（工作日） "
        "| 办结（工作日） | 复现率 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for platform, row in times.items():
        title = "合计" if platform == ALL else titles.get(platform, platform)
        cells = (
            *(title, str(row.case_count), str(row.refuted_count), row.to_verify.text),
            *(row.to_letter.text, row.response.text, row.to_close.text, row.reappearance),
        )
        lines.append("| " + " | ".join(markdown_text(cell) for cell in cells) + " |")
    return "\n".join(lines)
