"""What the letters of one case draw on: office.yml, the register, the people, the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import cast

import duckdb

import sql
from flows.office import Office
from flows.operations.files import read_stored
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases.state import CaseState
from playbooks.core.drafting import Material, OfficeNames, RegisteredAccount, VolumeDay
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import Ask
from sql.catalogs import CatalogBusyError, open_catalog

WAIT_S = 2.0
"""A letter does not wait for the night: without figures it says that they were not obtained."""


def material_of(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    office: Office,
    state: CaseState,
    playbook: Playbook,
) -> Material:
    """Return what a case's letters draw on beside its state."""
    names = sql.rows(connection, "letters/person_names")
    return Material(
        office=OfficeNames(
            office.issuer,
            office.bureau,
            office.public_security,
            office.cyberspace_office,
            office.contact.name,
            office.contact.phone,
            office.platform_companies,
        ),
        playbook=playbook,
        events=ledger.read_case(connection, state.case_id),
        people={str(row["person_id"]): str(row["name"]) for row in names},
        accounts=_registered(connection, accounts_named(state, playbook)),
        home=settings.home,
        volume=partial(volume_between, settings),
        stored=lambda digest: read_stored(settings, digest),
    )


def volume_between(settings: Settings, first: date, last: date) -> list[VolumeDay]:
    """Return what all accounts received and published on each day; empty while stats are held."""
    try:
        with open_catalog(settings.stats, wait_limit_s=WAIT_S) as connection:
            rows = sql.rows(connection, "content/volume", begin=first, last_on=last)
    except CatalogBusyError:
        return []
    return [
        VolumeDay(
            cast("date", row["day"]),
            *(None if row[name] is None else int(cast("int", row[name])) for name in _COUNTED),
            account_count=int(cast("int", row["account_count"])),
        )
        for row in rows
    ]


def accounts_named(state: CaseState, playbook: Playbook) -> list[str]:
    """Return the accounts of the register that intake and answers name."""
    forms = [(state.inputs, playbook.inputs)]
    for step in playbook.steps:
        if isinstance(step, Ask) and step.id in state.answers:
            forms.append((dict(state.answers[step.id]), step.form))
    given = [
        str(answers[field.name])
        for answers, form in forms
        for field in form
        if field.type == "account" and answers.get(field.name)
    ]
    told = (account for one in state.directives.values() for account in one.accounts)
    return list(dict.fromkeys([*given, *told]))


def _registered(
    connection: duckdb.DuckDBPyConnection, account_ids: Iterable[str]
) -> dict[str, RegisteredAccount]:
    found: dict[str, RegisteredAccount] = {}
    for account_id in account_ids:
        for row in sql.rows(connection, "letters/official_account", account_id=account_id):
            found[account_id] = RegisteredAccount(
                account_id,
                str(row["platform"]),
                str(row["name"]),
                str(row["sponsor_name"]),
                *(str(row[key]) if row[key] else None for key in _OPTIONAL),
            )
    return found


_COUNTED = ("comments", "messages", "published")
_OPTIONAL = ("platform_account_id", "verified_subject", "url")
