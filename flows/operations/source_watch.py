"""Look at the sources, and at the checks beside them: the board, the command and the chat ask here."""

from __future__ import annotations

from datetime import datetime

from flows.operations.drop_matters import drop_matters
from flows.operations.marts import CORRECTIONS_FAULT, corrections_fault
from flows.operations.source_health import Health, read_health
from flows.operations.source_matters import Matter, matters_of
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from playbooks.statistics.build import run_checks
from sql.catalogs import open_catalog


def look(settings: Settings, now: datetime) -> tuple[Health, list[Matter]]:
    """Return how the sources stand as of *now*, and what of it needs a person."""
    with open_catalog(settings.stats) as connection:
        checks = run_checks(connection, local_day(now))
    findings = {check.name: check.rows.height for check in checks}
    if corrections_fault(settings):
        findings[CORRECTIONS_FAULT] = 1
    health = read_health(settings, now)
    return health, [*matters_of(health, findings), *drop_matters(settings)]
