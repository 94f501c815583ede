"""Documents the tests of this folder render: a letter, a report, and names an impostor would choose."""

from __future__ import annotations

from datetime import UTC, date, datetime

from playbooks.core.charts import Series, line_trend
from playbooks.core.documents import Column, Figure, Heading, Letter, Paragraph, Report, Table

CREATED_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("http://x","长春新区发布")',
    "{{ config }}",
    "#let x = read(1); *粗* $a$ _b_ @c <d>",
    "<!channel> <script>alert(1)</script> &amp; ]]>",
    "../../etc/passwd",
    "长春\u202e布发区新\u200b",
    "长" * 5000,
    "a\u0301\u0301\u0301\u0301\u0301 \x00\x07\ufffe\ud800",
    "𠮷😀",
)


def letter(**changes: object) -> Letter:
    """Return a two-page letter."""
    values: dict[str, object] = {
        "issuer": "云杉新区管理委员会",
        "title": "云杉新区管理委员会关于商请协助处置假冒政务新媒体账号的函",
        "addressee": "云杉市公安局云杉新区分局",
        "document_number": "云新函〔2026〕12号",
        "urgency": "特急",
        "body": [
            Heading("一、缘由与依据"),
            Paragraph("请予核查。" * 60),
            Table([Column("项目"), Column("内容", weight=3)], [("粉丝数", None)], caption="标识"),
            Paragraph("特此函商，请予支持为盼。"),
        ],
        "signatory": "云杉新区管理委员会",
        "issued_on": date(2026, 11, 3),
        "attachments": ["页面截图", "证据清单"],
        "contact_note": "联系人：张三",
        "copied_to": ["云杉新区政务营商局", "云杉新区党工委网信办"],
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


def report(**changes: object) -> Report:
    """Return a report with a cover, a table over two pages and a chart."""
    days = [date(2026, 7, day) for day in range(1, 11)]
    png = line_trend("走势", days, [Series("云杉新区发布", [*range(9), None])], "人")
    rows = [(str(number), None if number % 7 == 0 else f"{number:,}") for number in range(1, 61)]
    values: dict[str, object] = {
        "title": "云杉新区2026年第三季度政务新媒体数据统计分析报告",
        "subtitle": "(2026年7月1日至9月30日）",
        "issuer": "云杉新区政务营商局",
        "issued_on": date(2026, 10, 15),
        "has_cover": True,
        "blocks": [
            Heading("一、账号总览"),
            Table([Column("序号", "center"), Column("粉丝", "right", 2)], rows, caption="总览"),
            Heading("（一）走势", 2),
            Figure(png, "粉丝总数走势", "九天的折线，第十天缺数"),
        ],
        "notes": ["粉丝数为期末快照。"],
    }
    return Report(**(values | changes))  # type: ignore[arg-type]
