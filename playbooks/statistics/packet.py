"""The Article 32 packet of a period: report, workbook of its figures, manifest.

The same inputs give the same bytes, apart from what is made of the declared ``created_at``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from playbooks.core.calendar import WorkCalendar, load_calendar
from playbooks.core.documents import Block, Report, render_docx, render_html, render_pdf
from playbooks.core.workbook import Sheet, write_workbook
from playbooks.core.working_hours import OFFICE_ZONE
from playbooks.statistics.case_tables import CaseTimes
from playbooks.statistics.compliance import compliance_of
from playbooks.statistics.facts import Material, Replies
from playbooks.statistics.figures import Figures, read_figures
from playbooks.statistics.numbers import chinese_day
from playbooks.statistics.packet_tables import CaseFigure
from playbooks.statistics.period import Period
from playbooks.statistics.replies import messages_of, shipped_limits
from playbooks.statistics.scope import Scope
from playbooks.statistics.sections import sections_of
from playbooks.statistics.sentences import AnalysisText
from playbooks.statistics.summary import scope_totals

__all__ = [
    "AnalysisText",
    "CaseFigure",
    "CaseTimes",
    "Packet",
    "PacketFiles",
    "PacketRequest",
    "Scope",
    "assemble",
    "make_packet",
    "write_packet",
]

FORMAT_VERSION = 2
_TITLE = "政务新媒体定期统计分析报告"


@dataclass(frozen=True)
class PacketRequest:
    """What a packet is asked for.

    Attributes:
        office_name: who reports; printed under the title.
        analysis: what people wrote; None leaves their sections 待填写.
        ledger_head: digest of the case ledger's last entry, recorded in the manifest.
        case_statistics: lines on impersonation cases, printed as given; None prints 未取得.
        case_times: how long the cases opened in the period took, per platform; none, no table.
        reply_limits: kind of message -> workdays, as the office set it; None for the shipped ones.
        created_at: aware instant declared in every file.
        today: in Asia/Shanghai; the figures end the day before.
    """

    period: Period
    scope: Scope
    office_name: str
    ledger_head: str
    created_at: datetime
    today: date
    analysis: AnalysisText | None = None
    case_statistics: Sequence[CaseFigure] | None = None
    case_times: Sequence[CaseTimes] = ()
    reply_limits: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Packet:
    """A packet in memory; ``manifest`` has everything but the digests of the files."""

    report: Report
    sheets: Sequence[Sheet]
    manifest: Mapping[str, object]
    created_at: datetime


@dataclass(frozen=True)
class PacketFiles:
    """The files of a written packet."""

    docx: Path
    pdf: Path
    html: Path
    xlsx: Path
    manifest: Path
    sha256: Mapping[str, str] = field(default_factory=dict[str, str])


def make_packet(
    connection: duckdb.DuckDBPyConnection,
    request: PacketRequest,
    calendar: WorkCalendar | None = None,
) -> Packet:
    """Read the figures and write the packet; to free the catalog sooner, call the two steps apart.

    Args:
        connection: the open stats catalog.
        request: whose packet of which period.
        calendar: by default the shipped one.

    Raises:
        PeriodError: no day of the period is over.
        ScopeError: the register copy knows no account of the scope.
        ValueError: ``created_at`` has no time zone.
    """
    figures = read_figures(connection, request.period, request.scope, request.today)
    return assemble(figures, request, calendar)


def assemble(
    figures: Figures, request: PacketRequest, calendar: WorkCalendar | None = None
) -> Packet:
    """Write the packet from figures that have been read; needs no catalog.

    Raises:
        ValueError: ``created_at`` has no time zone.
    """
    if request.created_at.tzinfo is None:
        raise ValueError("created_at needs a time zone")
    known_days = calendar or load_calendar()
    compliance = compliance_of(figures, known_days)
    limits, basis = shipped_limits()
    if request.reply_limits is not None:
        limits, basis = request.reply_limits, "由本单位设定"
    material = Material(
        figures,
        scope_totals(figures),
        compliance,
        (request.analysis or AnalysisText()).one_line(),
        request.case_statistics or (),
        request.case_times,
        Replies(messages_of(figures, limits, known_days), limits, basis),
    )
    sections = sections_of(material)
    sheets = [table.sheet() for section in sections for table in section.tables]
    return Packet(
        report=_report(figures, request, [block for one in sections for block in one.blocks]),
        sheets=sheets,
        manifest=manifest_of(figures, request, known_days),
        created_at=request.created_at,
    )


def write_packet(packet: Packet, folder: Path) -> PacketFiles:
    """Write .docx, .pdf, .html, .xlsx and manifest.json into *folder*, replacing older ones.

    The manifest comes last and holds the SHA-256 of every other file: with it the packet is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = {kind: f"report.{kind}" for kind in ("docx", "pdf", "html")}
    paths = {kind: folder / name for kind, name in names.items()}
    paths["xlsx"] = folder / "figures.xlsx"
    manifest = folder / "manifest.json"
    manifest.unlink(missing_ok=True)
    paths["docx"].write_bytes(render_docx(packet.report, packet.created_at))
    paths["pdf"].write_bytes(render_pdf(packet.report, packet.created_at))
    paths["html"].write_text(render_html(packet.report), encoding="utf-8")
    write_workbook(paths["xlsx"], packet.sheets, packet.created_at)
    digests = {path.name: _sha256(path.read_bytes()) for path in paths.values()}
    sizes = {path.name: path.stat().st_size for path in paths.values()}
    files = {
        name: {"sha256": digest, "size_bytes": sizes[name]} for name, digest in digests.items()
    }
    manifest.write_text(
        json.dumps({**packet.manifest, "files": files}, ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )
    return PacketFiles(**paths, manifest=manifest, sha256=digests)


def _report(figures: Figures, request: PacketRequest, blocks: Sequence[Block]) -> Report:
    is_complete = figures.period.is_complete(figures.today)
    days = f"{chinese_day(figures.period.begin_on)}至{chinese_day(figures.through_on)}"
    return Report(
        title=f"{figures.scope.shown_name}{figures.period.label}{_TITLE}",
        subtitle=f"（{days}）"
        if is_complete
        else f"（截至{chinese_day(figures.through_on)}，本期未结束）",
        issuer=request.office_name,
        issued_on=request.today,
        blocks=blocks,
        notes=(
            f"编制时间：{request.created_at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}（北京时间）。",
            "数字及图表的底数见同一文件夹的数据工作簿 figures.xlsx；文件校验值见 manifest.json。",
        ),
    )


def manifest_of(
    figures: Figures, request: PacketRequest, calendar: WorkCalendar
) -> dict[str, object]:
    """Return where the packet's figures came from; of the files, which do not exist yet, nothing."""
    period = figures.period
    return {
        "kind": "article_32_packet",
        "format_version": FORMAT_VERSION,
        "period": {
            "code": period.code,
            "label": period.label,
            "begin_on": period.begin_on.isoformat(),
            "end_on": period.end_on.isoformat(),
            "through_on": figures.through_on.isoformat(),
            "is_complete": period.is_complete(figures.today),
        },
        "scope": asdict(figures.scope),
        "office_name": request.office_name,
        "created_at": request.created_at.astimezone(UTC).isoformat(),
        "coverage": _coverage(figures),
        "inputs_sha256": _inputs_digest(figures, request, calendar),
        "calendar_version": calendar.version,
        "ledger_head": request.ledger_head,
    }


def _coverage(figures: Figures) -> dict[str, object]:
    """Return present and expected of every figure: account-days, for followers accounts."""
    totals = scope_totals(figures)
    return {
        name: {"present": amount.present, "expected": amount.expected, "basis": amount.basis}
        for name, amount in totals.amounts.items()
    }


def _inputs_digest(figures: Figures, request: PacketRequest, calendar: WorkCalendar) -> str:
    """Return the SHA-256 of everything the packet follows from, apart from ``created_at``."""
    inputs = {
        "figures": figures.digest(),
        "period": figures.period.code,
        "today": figures.today.isoformat(),
        "scope": asdict(figures.scope),
        "office_name": request.office_name,
        "analysis": asdict(request.analysis) if request.analysis else None,
        "cases": [asdict(case) for case in request.case_statistics or ()],
        "reply_limits": dict(request.reply_limits) if request.reply_limits is not None else None,
        "calendar": calendar.version,
        "ledger_head": request.ledger_head,
    }
    return _sha256(json.dumps(inputs, ensure_ascii=False, sort_keys=True).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
