"""The hotline's spreadsheet of work orders, under headings seen in public 12345 systems."""

from __future__ import annotations

from connectors.simulation.deterministic_xlsx import Cell
from connectors.simulation.district import District
from connectors.simulation.impostors import Report, reports

HEADINGS = (
    *("工单编号", "诉求标题", "诉求内容", "诉求类型", "诉求渠道", "诉求归口"),
    *("区交办时间", "区交办办结期限", "来电人", "联系电话"),
)
CATEGORY = "举报"
ADDRESSED_TO = "云杉新区政务服务与营商环境局"


def report_rows(district: District) -> list[tuple[Cell, ...]]:
    """Return headings and one row a work order, personal data included as the hotline sends it."""
    return [HEADINGS, *(_row(report) for report in reports(district))]


def _row(report: Report) -> tuple[Cell, ...]:
    return (
        report.order_number,
        report.title,
        report.content,
        CATEGORY,
        report.channel,
        ADDRESSED_TO,
        f"{report.handed_over_at:%Y-%m-%d %H:%M:%S}",
        f"{report.due_at:%Y-%m-%d %H:%M:%S}",
        report.contact_name,
        report.contact_phone,
    )
