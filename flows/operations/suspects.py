"""The suspects that the matcher finds, as a feed of reports: the rows a person looks at and imports.

Nothing is reported by itself. The file has the headings of the source ``matcher`` in
``connectors/report_sources.yml``; its numbers come from account and official, so that the same suspect
found again next month is one report.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbooks.impersonation.matching.matcher import Candidate, Verdict

SUSPECT_COLUMNS = (
    "比对编号", "平台", "账号名称", "账号编号", "官方账号台账号", "比对结论", "比对理由", "相似分数",
)  # fmt: skip


def write_suspects(out: Path, found: Iterable[tuple[Candidate, Verdict]]) -> None:
    """Write one row a suspect, UTF-8 with a byte order mark; names of impostors stay inert."""
    from playbooks.core.workbook import inert

    partial = out.with_name(out.name + ".part")
    with partial.open("w", encoding="utf-8-sig", newline="") as target:
        table = csv.writer(target, lineterminator="\n")
        table.writerow(SUSPECT_COLUMNS)
        for candidate, verdict in found:
            table.writerow(inert(cell) for cell in _row(candidate, verdict))
    partial.replace(out)


def _row(candidate: Candidate, verdict: Verdict) -> tuple[str, ...]:
    identity = f"{candidate.platform}\n{candidate.candidate_id}\n{verdict.official_id}"
    number = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return (
        f"M{number}",
        candidate.platform,
        candidate.name,
        candidate.candidate_id,
        verdict.official_id,
        f"名称与官方账号 {verdict.official_id} 相似，疑似假冒，请人工核实",
        "；".join(verdict.reasons),
        f"{verdict.score:.4f}",
    )
