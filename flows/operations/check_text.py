"""What the quality checks found, in Chinese lines, for the command and the form alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.statistics.build import CheckResult, run_checks
from playbooks.statistics.check_texts import check_sentence, check_sentences
from sql.catalogs import open_catalog


def checks_now(settings: Settings, today: date) -> list[CheckResult]:
    """Run every check and return those that found rows."""
    with open_catalog(settings.stats) as connection:
        return run_checks(connection, today)


def check_lines(found: Sequence[CheckResult], most_rows: int) -> Iterator[str]:
    """Yield one line a check, *most_rows* of its rows below it, and the sum at the end."""
    for one in found:
        mark = "不应出现" if one.is_failure else "请核对"
        yield f"[{mark}] {one.rows.height} 行  {check_sentence(one.name)}（{one.name}）"
        for row in one.rows.head(max(0, most_rows)).iter_rows(named=True):
            text = "  ".join(f"{name}={value}" for name, value in row.items())
            yield f"    {visible(text, 300)}".replace("\n", " ").rstrip()
    failures = sum(one.is_failure for one in found)
    yield (
        f"共 {len(check_sentences())} 项检查：不应出现 {failures} 项，请核对 {len(found) - failures} 项。"
    )
