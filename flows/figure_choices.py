"""What the forms around a figure offer: metrics, sources, standing corrections, layouts that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.operations.corrections import declared
from flows.operations.layout_mapping import drafts
from flows.operations.planning import all_sources
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.statistics.labels import metric
from playbooks.statistics.trace import TRACEABLE
from sql.catalogs import CatalogBusyError

MOST_OPTIONS = 200


def figure_choices(settings: Settings) -> Mapping[str, Sequence[str]]:
    """Return the choices by the name that a form's field asks for, as 「名称(编号)」."""
    return {
        "metrics": [f"{metric(name).label}({name})" for name in TRACEABLE],
        "sources": [f"{visible(one.title, 60)}({one.source})" for one in all_sources(settings)],
        "corrections": _corrections(settings)[:MOST_OPTIONS],
        "drafts": [one.name for one in drafts(settings)][:MOST_OPTIONS],
    }


def _corrections(settings: Settings) -> list[str]:
    try:
        rows = declared(settings)
    except CatalogBusyError:
        return []  # a night at work must not keep the forms from being published
    return [
        f"{row['account_id']} {row['stat_date']} {metric(str(row['metric'])).label}"
        f"({row['correction_id']})"
        for row in rows
    ]
