"""The table of how long impersonation cases took, as whoever counted it hands it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbooks.statistics.tables import PacketColumn, PacketTable

NOTE = (
    "期内立案的案件；中位数，括号内为样本数，未到该环节的不计。内部统计，非法定时限，不计入考核分。"
)


@dataclass(frozen=True)
class CaseTimes:
    """One platform's line; the times are texts, because each says how many cases it is over."""

    platform: str
    case_count: int
    to_verify: str
    to_letter: str
    response: str
    to_close: str
    reappearance: str


def case_times_table(times: Sequence[CaseTimes]) -> PacketTable:
    """Return the times per platform as they were given."""
    columns = (
        PacketColumn("平台"),
        PacketColumn("立案（件）", "count"),
        PacketColumn("核实（工作小时）", weight=1.2),
        PacketColumn("发函（工作小时）", weight=1.2),
        PacketColumn("平台处理（工作日）", weight=1.2),
        PacketColumn("办结（工作日）", weight=1.2),
        PacketColumn("复现率"),
    )
    rows = [
        (
            *(line.platform, line.case_count, line.to_verify, line.to_letter),
            *(line.response, line.to_close, line.reappearance),
        )
        for line in times
    ]
    return PacketTable("假冒处置用时", "假冒账号处置用时（分平台）", columns, rows, note=NOTE)
