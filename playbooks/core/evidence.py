"""The sealed package of a case's electronic evidence: list, files, log of how each was obtained, verifier.

The list has the columns that evidence lists of electronic data usually have: category, format,
integrity value (类别、文件格式、完整性校验值). Which document prescribes them for an office is for the
office to confirm; the list says 待核实.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from playbooks.core import evidence_verifier
from playbooks.core.documents.model import Block, Column, Heading, Paragraph, Report, Table
from playbooks.core.messages import local
from playbooks.core.working_hours import OFFICE_ZONE, local_day

VERIFIER: Final = "校验.py"
MANIFEST: Final = evidence_verifier.MANIFEST
CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    ".png": ("图片", "PNG"),
    ".jpg": ("图片", "JPEG"),
    ".jpeg": ("图片", "JPEG"),
    ".html": ("网页", "HTML"),
    ".htm": ("网页", "HTML"),
    ".gz": ("网页存档", "WARC（gzip）"),
    ".warc": ("网页存档", "WARC"),
    ".json": ("采集日志", "JSON"),
    ".tsr": ("可信时间戳", "RFC 3161"),
    ".pdf": ("文档", "PDF"),
    ".docx": ("文档", "DOCX"),
    ".txt": ("文本", "TXT"),
    ".eml": ("电子邮件", "EML"),
    ".mp4": ("录屏", "MP4"),
    ".csv": ("表格", "CSV"),
    ".xlsx": ("表格", "XLSX"),
}
METHODS: Final = {"capture": "系统自动采集", "by_hand": "人工提交"}


@dataclass(frozen=True)
class Item:
    """One sealed file of a case.

    Attributes:
        name: its name within the package.
        original_name: as it was handed in or captured.
        method: ``capture`` or ``by_hand``.
        source_url: of a capture; empty otherwise.
        sealed_by: the person's name, empty for the system.
    """

    name: str
    original_name: str
    sha256: str
    size_bytes: int
    method: str
    source_url: str
    sealed_at: datetime
    sealed_by: str

    @property
    def category(self) -> tuple[str, str]:
        """Category and format as the list shows them."""
        suffix = PurePosixPath(self.original_name).suffix.lower()
        return CATEGORIES.get(suffix, ("其他", suffix.lstrip(".").upper() or "未知"))


@dataclass(frozen=True)
class Package:
    """What the list of a package says beside its files.

    Attributes:
        ledger_head: position and digest of the ledger's last entry when it was made.
    """

    case_id: str
    title: str
    made_by: str
    made_at: datetime
    ledger_head: str
    is_drill: bool
    items: Sequence[Item]


def evidence_list(package: Package) -> Report:
    """Return the list as a document for people to sign."""
    columns = (
        Column("序号", "center", 0.5),
        Column("名称", weight=1.8),
        Column("类别", weight=0.9),
        Column("格式", weight=0.9),
        Column("大小（字节）", "right", 1.0),
        Column("完整性校验值（SHA-256）", weight=3.2),
        Column("取得方式与时间", weight=2.0),
    )
    rows = [_row(number, item) for number, item in enumerate(package.items, start=1)]
    blocks: list[Block] = [
        Paragraph(
            f"案件 {package.case_id}（{package.title}），共 {len(rows)} 件。"
            f"办件流水末条：{package.ledger_head}。"
        ),
        Heading("一、清单"),
        Table(columns, rows),
        Heading("二、取得经过"),
        *(Paragraph(_story(number, item)) for number, item in enumerate(package.items, start=1)),
        Heading("三、校验方法"),
        Paragraph(
            f"在本文件夹运行 python3 {VERIFIER}，无需联网；或用任何工具计算各文件的 SHA-256，与 {MANIFEST} 比对。"
        ),
        Paragraph("清单栏目参照电子数据移送的通常做法，适用规定由承办单位核对（待核实）。", "note"),
        Paragraph("制作人签字：　　　　　　　　　　　　核对人签字：", "flush"),
    ]
    return Report(
        title="电子数据清单",
        subtitle=f"制作时间 {local(package.made_at)}　制作人 {package.made_by}",
        blocks=blocks,
        issued_on=local_day(package.made_at),
    )


def manifest(package: Package, contents: Mapping[str, bytes]) -> bytes:
    """Return the machine's list: every file of *contents* with its digest, and how it was obtained."""
    known = {item.name: item for item in package.items}
    facts = {
        "case_id": package.case_id,
        "is_drill": package.is_drill,
        "made_at": package.made_at.astimezone(OFFICE_ZONE).isoformat(timespec="seconds"),
        "made_by": package.made_by,
        "ledger_head": package.ledger_head,
        "files": [
            {
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "size_bytes": len(content),
                **(_facts(known[name]) if name in known else {}),
            }
            for name, content in contents.items()
        ],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8")


def verifier() -> bytes:
    """Return the program that verifies a package on any machine with Python."""
    return inspect.getsource(evidence_verifier).encode("utf-8")


def _row(number: int, item: Item) -> list[str | None]:
    category, format_name = item.category
    how = f"{METHODS[item.method]}，{local(item.sealed_at)}"
    return [
        *(str(number), item.original_name, category, format_name),
        *(f"{item.size_bytes:,}", item.sha256, how),
    ]


def _story(number: int, item: Item) -> str:
    who = item.sealed_by or "系统"
    source = f"，来源 {item.source_url}" if item.source_url else ""
    how = "由系统按其指令采集" if item.method == "capture" else "提交原始文件"
    return f"{number}. {item.original_name}：{who} 于 {local(item.sealed_at)} {how}{source}，当即计算校验值并登记。"


def _facts(item: Item) -> dict[str, str]:
    category, format_name = item.category
    return {
        "original_name": item.original_name,
        "category": category,
        "format": format_name,
        "method": item.method,
        "source_url": item.source_url,
        "sealed_at": item.sealed_at.astimezone(OFFICE_ZONE).isoformat(timespec="seconds"),
        "sealed_by": item.sealed_by,
    }
