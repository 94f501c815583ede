"""The blank sheet for figures that no source gives, with the accounts of the register to choose from."""

from __future__ import annotations

import sql
from connectors.exports.manual_template import manual_template
from flows.settings import Settings
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog


def blank_sheet(settings: Settings, unit_id: str = "") -> bytes:
    """Return the workbook for one unit's accounts, or for all accounts."""
    with open_catalog(settings.ops) as connection:
        known = sql.rows(connection, "register/account_facts")
    platforms = labels("platform")
    return manual_template(
        [
            (str(row["account_id"]), platforms[str(row["platform"])], str(row["name"]))
            for row in known
            if not unit_id or row["unit_id"] == unit_id
        ]
    )
