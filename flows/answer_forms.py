"""The forms of every shipped playbook: one to open a case, one for each step a person answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sql
from flows.check_choices import check_choices
from flows.figure_choices import figure_choices
from flows.forms import schema_of
from flows.links import RECEIPT, version_key
from flows.operations.import_log import imports_of
from flows.operations.shipped import shipped
from flows.publishing import PublishedForm
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.cases.deadline_changes import PAUSE_REASONS
from playbooks.core.cases.forms import form_of
from playbooks.core.cases.questions import NEEDED_RECEIPT
from playbooks.core.documents.text import visible
from playbooks.core.playbook import Playbook, load_playbook
from playbooks.core.playbook.model import TIMED, Approve, Send, Timed
from playbooks.core.register.columns import labels
from sql.catalogs import CatalogBusyError, open_catalog

OPENING = "open"
MOST_OPTIONS = 500


@dataclass(frozen=True)
class StepForm:
    """One form and the key under which its deployment id is noted."""

    key: str
    form: PublishedForm


@dataclass(frozen=True)
class OlderVersions:
    """Versions that running cases are held to.

    Attributes:
        cases: case -> the key of its version.
    """

    playbooks: Sequence[Playbook]
    cases: Mapping[str, str]


def shipped_playbooks() -> list[Playbook]:
    """Return every playbook of this version, in order of its folder's name."""
    return [load_playbook(path) for path in shipped().values()]


def opening_forms(playbooks: Sequence[Playbook]) -> Iterator[StepForm]:
    """Yield the form that opens a case, for every playbook."""
    for playbook in playbooks:
        basis = "、".join(f"{basis.text}{basis.article or ''}" for basis in playbook.basis)
        yield StepForm(
            f"{playbook.case_prefix}/{OPENING}",
            PublishedForm(
                name=f"登记：{playbook.title}",
                description=f"提交后立案并开始计时；同一事项已立案的并入原案。依据：{basis}。",
                schema=schema_of(playbook.inputs, asks_for_case=False),
                tags=("立案",),
                hidden={"playbook_id": playbook.id},
            ),
        )


def answering_forms(playbooks: Sequence[Playbook]) -> Iterator[StepForm]:
    """Yield the form of every step that a person answers, for every playbook."""
    names: Counter[str] = Counter()
    alike = Counter(step.title for playbook in playbooks for step in playbook.every_step())
    for playbook in playbooks:
        for step in playbook.every_step():
            if not isinstance(step, TIMED):
                continue
            # A deployment is known by its name: two steps of one title would share one form.
            whose = f"（{playbook.title}）" if alike[step.title] > 1 else ""
            names[whole := step.title + whose] += 1
            whose += f"（{names[whole]}）" if names[whole] > 1 else ""
            for name, form in _forms_of(playbook, step, whose):
                yield StepForm(f"{playbook.case_prefix}/{name}", form)


def older_forms(older: Sequence[Playbook], current: Sequence[StepForm]) -> Iterator[StepForm]:
    """Yield the forms by which running cases of older versions are answered.

    A step that asks the same today is answered by today's form; the others get one of their own,
    named by the version.

    Args:
        older: the versions that running cases are held to.
        current: the forms of the shipped playbooks.
    """
    schemas = {one.key: one.form.schema for one in current}
    for playbook in older:
        names: Counter[str] = Counter()
        version = f"（{playbook.title} 第 {playbook.version} 版 {playbook.digest[:6]}）"
        for step in playbook.every_step():
            if not isinstance(step, TIMED):
                continue
            names[step.title] += 1
            whose = version + (f"（{names[step.title]}）" if names[step.title] > 1 else "")
            for name, form in _forms_of(playbook, step, whose):
                if schemas.get(f"{playbook.case_prefix}/{name}") != form.schema:
                    yield StepForm(f"{version_key(playbook.digest)}/{name}", form)


def running_versions(settings: Settings, shipped: Sequence[Playbook]) -> OlderVersions:
    """Return the versions, other than the *shipped* ones, by which cases with open steps run."""
    digests = sql.frame([{"digest": playbook.digest} for playbook in shipped])
    with open_catalog(settings.ops) as connection:
        with sql.registered(connection, shipped_version=digests):
            rows = sql.rows(connection, "cases/on_older_versions")
        found = store.read_playbooks(connection, {str(row["playbook_digest"]) for row in rows})
    cases = {str(row["case_id"]): version_key(str(row["playbook_digest"])) for row in rows}
    return OlderVersions([playbook for playbook in found.values() if playbook], cases)


def _forms_of(playbook: Playbook, step: Timed, whose: str) -> Iterator[tuple[str, PublishedForm]]:
    """Yield the forms of one step, each with the last part of its key."""
    yield step.id, _step_form(playbook, step, f"办理：{step.title}{whose}")
    if isinstance(step, Send):
        yield (
            f"{step.id}/{RECEIPT}",
            _receipt_form(playbook, step, f"登记回执：{step.title}{whose}"),
        )


def _step_form(playbook: Playbook, step: Timed, name: str) -> PublishedForm:
    roles: Sequence[str] = (step.owner,)
    if isinstance(step, Approve):
        chains = [step.chain, *(tier.chain for tier in step.tiers)]
        roles = list(dict.fromkeys(role for chain in chains for role in chain))
    titles = "、".join(playbook.roles[role].title for role in roles)
    return PublishedForm(
        name=name,
        description=f"{playbook.title}的步骤，由{titles}办理。案件编号见看板或消息链接。",
        schema=schema_of(form_of(step), asks_for_case=True),
        hidden={"step_id": step.id},
    )


def _receipt_form(playbook: Playbook, step: Send, name: str) -> PublishedForm:
    return PublishedForm(
        name=name,
        description=f"{playbook.title}：函件已登记发出、尚无回执时用；登记回执后停止计时。",
        schema=schema_of((NEEDED_RECEIPT,), asks_for_case=True),
        hidden={"step_id": step.id},
    )


def choices(settings: Settings) -> Mapping[str, Sequence[str]]:
    """Return what only the register knows, as 「名称(编号)」: people who may answer, accounts, imports.

    A list too long to choose from is left out, so that its field stays free text.
    """
    with open_catalog(settings.ops) as connection:
        people = sql.rows(connection, "cases/active_people")
        accounts = sql.rows(connection, "cases/accounts")
        units = sql.rows(connection, "register/all_unit")
    standing = _standing_imports(settings)
    platforms = labels("platform")
    offered = {
        "people": [f"{person['name']}({person['person_id']})" for person in people],
        "pause_reasons": list(PAUSE_REASONS.values()),
        "accounts": [
            f"{account['name']} {platforms[str(account['platform'])]}({account['account_id']})"
            for account in accounts
        ],
        "units": [f"{unit['name']}({unit['unit_id']})" for unit in units],
        # The newest ones: a long list is cut, not dropped, because the oldest are rarely taken back.
        "imports": [
            f"{visible(str(row['file_name']), 60)}({row['import_id']})"
            for row in standing[:MOST_OPTIONS]
        ],
        **figure_choices(settings),
        **check_choices(settings, units),
    }
    return {name: options for name, options in offered.items() if len(options) <= MOST_OPTIONS}


def _standing_imports(settings: Settings) -> list[dict[str, object]]:
    try:
        return [row for row in imports_of(settings) if row["revoked_at"] is None]
    except CatalogBusyError:
        return []  # a night at work must not keep the forms from being published
