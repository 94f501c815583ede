"""A projection told to a reader: ``juzhen due --json``, a case page, the footnote of a letter."""

from __future__ import annotations

from datetime import timedelta

from playbooks.core.limit_projection import CountedDay, Projection
from playbooks.core.limit_terms import KIND_NAMES, plain_number
from playbooks.core.working_hours import OFFICE_ZONE


def explain(projection: Projection) -> dict[str, object]:
    """Return *projection* as plain JSON values, instants with ``+08:00``, reasons in Chinese.

    ``counted`` and ``skipped`` are lists of ``{date, reason}``; a limit in hours adds ``minutes``.
    """
    limit = projection.limit
    return {
        "due": projection.due_at.astimezone(OFFICE_ZONE).isoformat(),
        "due_on": projection.due_on.isoformat(),
        "started": projection.started_at.astimezone(OFFICE_ZONE).isoformat(),
        "provisional": projection.provisional,
        "unit": limit.unit.value,
        "budget": plain_number(projection.budget),
        "limit": limit.text,
        "kind": limit.kind.value,
        "kind_name": KIND_NAMES[limit.kind],
        "basis": limit.basis,
        "roll": limit.roll.value,
        "counted": [_counted(day) for day in projection.counted],
        "skipped": [
            {"date": day.day.isoformat(), "reason": day.text} for day in projection.skipped
        ],
        "notes": list(projection.notes),
        "calendar_version": projection.calendar_version,
    }


def _counted(day: CountedDay) -> dict[str, object]:
    told: dict[str, object] = {"date": day.day.isoformat(), "reason": day.reason.text}
    if day.amount is not None:
        minutes = day.amount / timedelta(minutes=1)
        told["minutes"] = int(minutes) if minutes.is_integer() else round(minutes, 3)
    return told
