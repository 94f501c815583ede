"""The proactive scan (夜间巡查): what searches found is compared with the register, suspects are queued.

Reading and matching hold no catalog; what was found is judged and written in one transaction against
what people decided meanwhile. A scan puts at most ``settings.scan_limit`` suspects to a person, the
likeliest first; the others keep their place for the next nights, so that nothing is lost.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

import duckdb

import sql
from flows.operations.candidate_files import gather, put_away
from flows.operations.people import answerer
from flows.operations.report_rows import PLAYBOOK
from flows.settings import Settings
from playbooks.impersonation.suspects import (
    Judgement,
    Matter,
    Sighting,
    Suspect,
    judge,
    matter_of,
    merged,
    suspect_of,
)
from sql.catalogs import open_catalog, write

if TYPE_CHECKING:
    from playbooks.impersonation.matching.protected import Official

LOT = 20_000  # candidates compared at once
OF_NIGHT = "system:scan"


@dataclass(frozen=True)
class Alert:
    """One sighting that resembles an official account."""

    sighting: Sighting
    official_id: str
    score: float
    reasons: Sequence[str]


@dataclass
class ScanResult:
    """What a scan did.

    Attributes:
        own_count: candidates that are the office's own registered accounts.
        raised_count: suspects put to a person by this scan.
        held_count: suspects that wait for their turn in a later one.
    """

    scan_id: str
    started_at: datetime
    file_count: int = 0
    candidate_count: int = 0
    own_count: int = 0
    alert_count: int = 0
    in_case_count: int = 0
    dismissed_count: int = 0
    raised_count: int = 0
    held_count: int = 0
    problems: list[str] = field(default_factory=list[str])


def scan(settings: Settings, now: datetime, person: str | None = None) -> ScanResult:
    """Run one scan over everything in the folder of candidates.

    Args:
        settings: of this installation.
        now: of the scan.
        person: who started it; ``None`` for a night.

    Raises:
        AnswerError: the register does not know the person; no file was touched.
    """
    with open_catalog(settings.ops) as connection:
        actor = f"person:{answerer(connection, person, now).person_id}" if person else OF_NIGHT
        protected = sql.rows(connection, "suspects/protected")
    gathered = gather(settings)
    sightings = list(dict.fromkeys(gathered.sightings))
    result = ScanResult(uuid.uuid4().hex, now, gathered.file_count, len(sightings))
    result.problems = gathered.problems
    alerts = _alerts(protected, sightings, result)
    with write(settings.ops) as connection:
        _record(connection, alerts, result, now)
        _release(connection, settings.scan_limit, result, now)
        sql.insert(connection, "suspect_scan", [_row(result, actor)])
    put_away(settings, gathered.taken, now)
    return result


def _alerts(
    protected: Sequence[sql.Row], sightings: Sequence[Sighting], result: ScanResult
) -> list[Alert]:
    """Return the sightings that resemble an official account and are none of the office's own."""
    from playbooks.impersonation.matching.matcher import Candidate, Matcher
    from playbooks.impersonation.matching.profile import Profile
    from playbooks.impersonation.matching.protected import register

    own = {(str(row["platform"]), str(row["platform_account_id"]).casefold()) for row in protected}
    foreign = [s for s in sightings if (s.platform, s.platform_account_id.casefold()) not in own]
    result.own_count = len(sightings) - len(foreign)
    if not (foreign and protected):
        return []
    matcher = Matcher(register([official_of(row) for row in protected]))
    found: list[Alert] = []
    for start in range(0, len(foreign), LOT):
        lot = foreign[start : start + LOT]
        candidates = [
            Candidate(
                *(str(at), one.display_name, one.platform),
                Profile(one.handle, one.bio, one.avatar, one.certified_subject),
            )
            for at, one in enumerate(lot)
        ]
        for one, verdict in zip(lot, matcher.match(candidates), strict=True):
            if verdict.is_alert:
                found.append(Alert(one, verdict.official_id, verdict.score, verdict.reasons))
            elif verdict.reasons:  # the only reason without an alert: the register has it
                result.own_count += 1
    result.alert_count = len(found)
    return found


def official_of(row: sql.Row) -> Official:
    """Return a row of the register as the matcher takes it."""
    from playbooks.impersonation.matching.protected import Official

    short = str(row["short_name"] or "").strip()
    return Official(
        official_id=str(row["account_id"]),
        name=str(row["name"]),
        platform=str(row["platform"]),
        unit=str(row["unit_name"]),
        region=str(row["region"] or ""),
        aliases=(short,) if short else (),
    )


def _record(
    connection: duckdb.DuckDBPyConnection,
    alerts: Sequence[Alert],
    result: ScanResult,
    now: datetime,
) -> None:
    """Judge every alert by what is known of the account, and write down what follows."""
    known = [_suspect(row) for row in sql.rows(connection, "suspects/known")]
    matters = [_matter(row) for row in sql.rows(connection, "suspects/cases", playbook_id=PLAYBOOK)]
    answers: Counter[str] = Counter()
    for alert in sorted(alerts, key=lambda alert: -alert.score):
        suspect = suspect_of(alert.sighting, known)
        judgement = judge(alert.sighting, suspect, matter_of(alert.sighting, matters))
        answers[judgement.answer] += 1
        taken = _write(connection, alert, suspect, judgement, now, len(known) + 1)
        if taken is not None:
            known = [*(one for one in known if one.number != taken.number), taken]
    result.in_case_count, result.dismissed_count = answers["in_case"], answers["dismissed"]


def _write(
    connection: duckdb.DuckDBPyConnection,
    alert: Alert,
    suspect: Suspect | None,
    judgement: Judgement,
    now: datetime,
    next_number: int,
) -> Suspect | None:
    """Write one sighting down; return the suspect as it stands when that changed."""
    if judgement.answer in ("in_case", "dismissed"):
        if suspect is not None:
            sql.execute(connection, "suspects/see", number=suspect.number, now=now)
        return None
    shown = merged(suspect.sighting, alert.sighting) if suspect else alert.sighting
    facts = {
        **_facts(alert, shown),
        "note": judgement.note or None,
        "case_id": judgement.case_id or None,
    }
    if suspect is None:
        new = {"number": next_number, "status": "held", "first_seen_at": now, "last_seen_at": now}
        sql.insert(connection, "suspect", [{**facts, **new}])
        return Suspect(next_number, shown, judgement.case_id, None)
    if judgement.answer == "queued":
        if not judgement.note:
            sql.execute(connection, "suspects/see", number=suspect.number, now=now)
            return None
        facts["status"] = suspect.status
    else:
        facts["status"] = "held"
    facts.pop("platform")  # what makes it the same account does not change
    sql.execute(connection, "suspects/take_up", number=suspect.number, now=now, **facts)
    return Suspect(suspect.number, shown, judgement.case_id, None, str(facts["status"]))


def _release(
    connection: duckdb.DuckDBPyConnection, limit: int, result: ScanResult, now: datetime
) -> None:
    """Put the first *limit* suspects that had no turn yet to a person."""
    held = sql.rows(connection, "suspects/held")
    for row in held[:limit]:
        sql.execute(connection, "suspects/release", number=row["number"], now=now)
    result.raised_count = min(len(held), limit)
    result.held_count = len(held) - result.raised_count


def _facts(alert: Alert, one: Sighting) -> dict[str, object]:
    return {
        "platform": one.platform,
        "platform_account_id": one.platform_account_id or None,
        "display_name": one.display_name,
        "handle": one.handle or None,
        "bio": one.bio or None,
        "url": one.url or None,
        "certified_subject": one.certified_subject or None,
        "avatar": one.avatar or None,
        "official_account_id": alert.official_id,
        "score": alert.score,
        "reasons": "；".join(alert.reasons),
        "place": one.place,
    }


def _row(result: ScanResult, actor: str) -> dict[str, object]:
    counts = {name: value for name, value in vars(result).items() if name != "problems"}
    return {**counts, "actor": actor, "problem_count": len(result.problems)}


def _suspect(row: sql.Row) -> Suspect:
    texts = {name: str(row[name] or "") for name in Sighting.__dataclass_fields__}
    return Suspect(
        number=int(cast("int", row["number"])),
        sighting=Sighting(**texts),
        case_id=str(row["case_id"] or ""),
        decided_at=None
        if row["status"] in ("held", "waiting")
        else cast("datetime", row["decided_at"]),
        status=str(row["status"]),
    )


def _matter(row: sql.Row) -> Matter:
    return Matter(
        case_id=str(row["case_id"]),
        platform=str(row["platform"]),
        display_name=str(row["display_name"]),
        platform_account_id=str(row["platform_account_id"] or ""),
        is_open=row["status"] == "open",
        is_watched=bool(row["is_watched"]),
        since_at=cast("datetime | None", row["since_at"]),
        outcome=str(row["outcome"] or ""),
    )
