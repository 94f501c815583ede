"""Which matters about the sources stand, which have healed, and what of it the chat has heard."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sql
from flows.operations.source_matters import Matter
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.masking import masked
from sql.catalogs import write

MOST_LINES = 15


@dataclass(frozen=True)
class News:
    """What the chat has not heard of one kind: openings, or recoveries.

    Attributes:
        matter_ids: of every matter it speaks of.
        sentences: theirs, masked; a platform's words are in them.
    """

    matter_ids: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The body of one message, however much happened at once."""
        more = len(self.sentences) - MOST_LINES
        rest = (f"另有 {more} 项，见看板「采集健康」",) if more > 0 else ()
        return (*self.sentences[:MOST_LINES], *rest)

    @property
    def dedupe_key(self) -> str:
        """The same for the same matters of the same openings, so that a sending can be looked up."""
        return hashlib.sha256("\n".join(self.matter_ids).encode()).hexdigest()[:16]


def record(
    settings: Settings, matters: Sequence[Matter], now: datetime, *, is_whole: bool
) -> tuple[News, News]:
    """Write down what has opened and what has healed; return the openings and recoveries to tell.

    Args:
        settings: of this installation.
        matters: all that stand now.
        now: of the look.
        is_whole: false when not all could be looked at: then nothing counts as healed.
    """
    found = {matter.key: matter for matter in matters}
    with write(settings.stats) as connection:
        rows = sql.rows(connection, "matters/standing")
        known = {(str(r["source"]), str(r["account_id"]), str(r["kind"])): r for r in rows}
        opened = [_row(one, now) for key, one in found.items() if key not in known]
        sql.insert(connection, "source_matter", opened)
        healed = [{"matter_id": row["matter_id"]} for key, row in known.items() if key not in found]
        if healed and is_whole:
            with sql.registered(connection, healed_matter=sql.frame(healed)):
                sql.execute(connection, "matters/heal", now=now)
        untold = sql.rows(connection, "matters/untold")
    return _news(untold, is_recovery=False), _news(untold, is_recovery=True)


def mark_told(settings: Settings, news: News, now: datetime) -> None:
    """Write down that the chat has heard of *news*."""
    told = [{"matter_id": matter_id} for matter_id in news.matter_ids]
    with (
        write(settings.stats) as connection,
        sql.registered(connection, told_matter=sql.frame(told)),
    ):
        sql.execute(connection, "matters/mark_told", now=now)


def _row(matter: Matter, now: datetime) -> dict[str, object]:
    identity = "\n".join([*matter.key, now.isoformat()])
    sentence = visible(masked(matter.sentence), 300).replace("\n", " ")
    return {
        **asdict(matter),
        "matter_id": hashlib.sha256(identity.encode()).hexdigest()[:16],
        "sentence": sentence,
        "opened_at": now,
    }


def _news(rows: Sequence[sql.Row], *, is_recovery: bool) -> News:
    mine = [row for row in rows if row["is_recovery"] is is_recovery]
    return News(
        tuple(str(row["matter_id"]) for row in mine),
        tuple(str(row["sentence"]) for row in mine),
    )
