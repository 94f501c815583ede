"""The imports that stand, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.operations.marts import build_marts
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.statistics import build, import_records
from sql.catalogs import open_catalog, write

LONGEST_REASON = 500


@dataclass(frozen=True)
class Revoked:
    """What a revocation did: payloads that no longer count, and what is believed instead."""

    import_id: str
    payload_count: int
    built: build.Built


def imports_of(settings: Settings, account_id: str = "") -> list[dict[str, object]]:
    """Return every import, newest first, those taken back included."""
    with open_catalog(settings.stats) as connection:
        return import_records.list_imports(connection, account_id)


def revoke_import(
    settings: Settings, import_id: str, reason: str, person: str, now: datetime
) -> Revoked:
    """Take one import back; the figures fall back to what was known without it.

    Raises:
        RevocationError: no such import, or one already taken back.
        AnswerError: no such person, or no reason.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise AnswerError(f"请写明撤销理由，不超过 {LONGEST_REASON} 字")
    with open_catalog(settings.ops) as connection:
        who = answerer(connection, person, now)
    with write(settings.stats) as connection:
        count = import_records.revoke(
            connection,
            import_id.strip(),
            reason=reason.strip(),
            revoked_by=f"{who.name}（{who.person_id}）",
            now=now,
        )
    built, _ = build_marts(settings, now)
    return Revoked(import_id.strip(), count, built)
