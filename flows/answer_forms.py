"""The forms of every shipped playbook: one to open a case, one for each step a person answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sql
from flows.forms import schema_of
from flows.operations.import_log import imports_of
from flows.operations.shipped import PLAYBOOKS
from flows.publishing import PublishedForm
from flows.settings import Settings
from playbooks.core.cases.forms import form_of
from playbooks.core.documents.text import visible
from playbooks.core.playbook import load_playbook
from playbooks.core.playbook.model import TIMED, Approve
from playbooks.core.register.columns import labels
from sql.catalogs import CatalogBusyError, open_catalog

OPENING = "open"
MOST_OPTIONS = 500


@dataclass(frozen=True)
class StepForm:
    """One form and the key under which its deployment id is noted."""

    key: str
    form: PublishedForm


def opening_forms() -> Iterator[StepForm]:
    """Yield the form that opens a case, for every playbook."""
    for path in sorted(PLAYBOOKS.glob("*/playbook.yml")):
        playbook = load_playbook(path)
        basis = "、".join(f"{basis.text}{basis.article or ''}" for basis in playbook.basis)
        yield StepForm(
            f"{playbook.id}/{OPENING}",
            PublishedForm(
                name=f"登记：{playbook.title}",
                description=f"提交后立案并开始计时；同一事项已立案的并入原案。依据：{basis}。",
                schema=schema_of(playbook.inputs, asks_for_case=False),
                tags=("立案",),
                hidden={"playbook_id": playbook.id},
            ),
        )


def answering_forms() -> Iterator[StepForm]:
    """Yield the form of every step that a person answers, for every playbook."""
    for path in sorted(PLAYBOOKS.glob("*/playbook.yml")):
        playbook = load_playbook(path)
        for step in playbook.every_step():
            if not isinstance(step, TIMED):
                continue
            roles = step.chain if isinstance(step, Approve) else (step.owner,)
            titles = "、".join(playbook.roles[role].title for role in roles)
            yield StepForm(
                f"{playbook.id}/{step.id}",
                PublishedForm(
                    name=f"办理：{step.title}",
                    description=f"{playbook.title}的步骤，由{titles}办理。案件编号见看板或消息链接。",
                    schema=schema_of(form_of(step), asks_for_case=True),
                    hidden={"step_id": step.id},
                ),
            )


def choices(settings: Settings) -> Mapping[str, Sequence[str]]:
    """Return what only the register knows, as 「名称(编号)」: people who may answer, accounts, imports.

    A list too long to choose from is left out, so that its field stays free text.
    """
    with open_catalog(settings.ops) as connection:
        people = sql.rows(connection, "cases/active_people")
        accounts = sql.rows(connection, "cases/accounts")
    standing = _standing_imports(settings)
    platforms = labels("platform")
    offered = {
        "people": [f"{person['name']}({person['person_id']})" for person in people],
        "accounts": [
            f"{account['name']} {platforms[str(account['platform'])]}({account['account_id']})"
            for account in accounts
        ],
        # The newest ones: a long list is cut, not dropped, because the oldest are rarely taken back.
        "imports": [
            f"{visible(str(row['file_name']), 60)}({row['import_id']})"
            for row in standing[:MOST_OPTIONS]
        ],
    }
    return {name: options for name, options in offered.items() if len(options) <= MOST_OPTIONS}


def _standing_imports(settings: Settings) -> list[dict[str, object]]:
    try:
        return [row for row in imports_of(settings) if row["revoked_at"] is None]
    except CatalogBusyError:
        return []  # a night at work must not keep the forms from being published
