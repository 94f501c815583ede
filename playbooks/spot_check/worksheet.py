"""The worksheet (检查底稿): a row for each account and indicator, or a page for each account.

Layout after the four columns of the national inspection: 检查对象、指标、评分细则、检查情况.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from playbooks.core.documents.model import (
    Block,
    Column,
    Heading,
    PageBreak,
    Paragraph,
    Report,
    Table,
)
from playbooks.core.workbook import Sheet, SheetColumn, Value
from playbooks.spot_check.indicators import SUGGESTIONS, VERDICTS, Indicator

NAME = "抽查底稿"
COLUMNS = (
    *(SheetColumn("账号编号", width=10), SheetColumn("账号名称", width=24)),
    *(SheetColumn("平台", width=11), SheetColumn("主办单位", width=32)),
    *(SheetColumn("指标代号", width=17), SheetColumn("指标", width=20)),
    *(SheetColumn("依据", width=20), SheetColumn("单项否决", width=9, missing="")),
    *(SheetColumn("怎样检查", width=40), SheetColumn("系统已知", width=60)),
    *(SheetColumn("系统建议", width=12), SheetColumn("上季复查", width=9, missing="")),
    *(
        SheetColumn("检查结果", width=10, missing="", choices=tuple(VERDICTS.values())),
        SheetColumn("检查所见", width=40, missing=""),
    ),
    *(SheetColumn("证据", width=30, missing=""), SheetColumn("检查人", width=10, missing="")),
)


@dataclass(frozen=True)
class Line:
    """One account and indicator; the verdict is ``None`` until somebody gave it."""

    account_id: str
    name: str
    platform: str
    unit_name: str
    indicator: Indicator
    suggestion: str
    known: str
    is_recheck: bool
    verdict: str | None
    note: str | None
    evidence: str | None
    checked_by: str | None


def sheet(lines: Sequence[Line]) -> Sheet:
    """Return the worksheet as a sheet that can be filled in and read back."""
    return Sheet(NAME, COLUMNS, [_values(line) for line in lines])


def _values(line: Line) -> list[Value]:
    one = line.indicator
    return [
        *(line.account_id, line.name, line.platform, line.unit_name),
        *(one.code, one.title, one.article, "是" if one.is_veto else None),
        *(one.ask, line.known, SUGGESTIONS[line.suggestion], "是" if line.is_recheck else None),
        *(VERDICTS.get(line.verdict or ""), line.note, line.evidence, line.checked_by),
    ]


def document(lines: Sequence[Line], words: str, issuer: str, day: date, label: str) -> Report:
    """Return the worksheet as pages to fill in by hand: one a checked account."""
    blocks: list[Block] = []
    for number, (_, theirs) in enumerate(groupby(lines, key=lambda line: line.account_id)):
        blocks += [PageBreak()] if number else []
        blocks += _page(list(theirs))
    return Report(
        title=f"{words}政务新媒体{NAME}",
        subtitle=f"检查指标{label}",
        issuer=issuer,
        issued_on=day,
        has_cover=True,
        blocks=blocks,
        notes=["“系统已知”来自台账和采集的数据，只供参考；检查结果由检查人填写并签字。"],
    )


def _page(theirs: Sequence[Line]) -> list[Block]:
    first = theirs[0]
    table = Table(
        [
            Column("检查指标（依据）", "left", 2.4),
            Column("怎样检查；系统已知", "left", 4.6),
            Column("结果", "center", 1),
            Column("检查情况", "left", 2.2),
        ],
        [_row(line) for line in theirs],
    )
    return [
        Heading(f"{first.account_id}　{first.name}（{first.platform}）", 3),
        Paragraph(f"主办单位：{first.unit_name}", "flush"),
        table,
        Paragraph("检查人（签字）：　　　　　　检查日期：", "flush"),
    ]


def _row(line: Line) -> list[str | None]:
    one = line.indicator
    mark = "【上季复查】" if line.is_recheck else ""
    known = f"{one.ask}。系统已知：{line.known}（建议：{SUGGESTIONS[line.suggestion]}）"
    note = "同系统已知" if line.note == line.known else line.note
    seen = "；".join(filter(None, (note, line.evidence)))
    return [
        f"{one.title}（{one.article}）{mark}",
        known,
        VERDICTS.get(line.verdict or "", ""),
        seen,
    ]


def lines_of(
    accounts: Sequence[Mapping[str, object]],
    items: Sequence[Mapping[str, object]],
    indicators: Mapping[str, Indicator],
    platforms: Mapping[str, str],
) -> list[Line]:
    """Return the lines of the checked accounts, by unit and account, indicators as declared.

    Args:
        accounts: of ``spot_check/accounts``.
        items: of ``spot_check/items``.
        indicators: code -> indicator; an item of one that is no longer declared keeps its code.
        platforms: platform -> its Chinese name.
    """
    by_account: dict[str, dict[str, Mapping[str, object]]] = {}
    for item in items:
        by_account.setdefault(str(item["account_id"]), {})[str(item["indicator"])] = item
    found: list[Line] = []
    for account in accounts:
        theirs = by_account.get(str(account["account_id"]), {})
        order = [code for code in indicators if code in theirs]
        for code in [*order, *(code for code in theirs if code not in indicators)]:
            indicator = indicators.get(code) or Indicator(code, code, "已不在指标中", code, code)
            found.append(_line(account, theirs[code], indicator, platforms))
    return found


def _line(
    account: Mapping[str, object],
    item: Mapping[str, object],
    indicator: Indicator,
    platforms: Mapping[str, str],
) -> Line:
    texts = {
        key: str(item[key]) if item[key] else None
        for key in ("verdict", "note", "evidence", "checked_by")
    }
    return Line(
        account_id=str(account["account_id"]),
        name=str(account["name"]),
        platform=platforms.get(str(account["platform"]), str(account["platform"])),
        unit_name=str(account["unit_name"]),
        indicator=indicator,
        suggestion=str(item["suggestion"]),
        known=str(item["known"]),
        is_recheck=bool(item["is_recheck"]),
        **texts,
    )
