"""What the letters of one case draw on: office.yml, the register, the people, the platform's channel."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

import sql
from flows.office import Office
from flows.operations.channel_board import channels_of
from flows.settings import Settings, SettingsError
from playbooks.core.cases.state import CaseState
from playbooks.core.playbook import Playbook
from playbooks.impersonation import drafting


def sources_of(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    office: Office,
    state: CaseState,
    playbook: Playbook,
) -> drafting.Sources:
    """Return the sources of a case's letters.

    Raises:
        SettingsError: nobody has said which company runs the platform.
        ChannelError: the office's channel file has faults.
    """
    official = state.inputs.get("official_account_id")
    names = sql.rows(connection, "letters/person_names")
    return drafting.Sources(
        office=_letter_office(office, state.inputs),
        registered=_registered(connection, str(official)) if official else None,
        people={str(row["person_id"]): str(row["name"]) for row in names},
        labels={field.name: field.values for field in playbook.inputs},
        channel=channels_of(settings).platforms.get(str(state.inputs["platform"])),
    )


def _registered(
    connection: duckdb.DuckDBPyConnection, account_id: str
) -> drafting.Registered | None:
    found = sql.rows(connection, "letters/official_account", account_id=account_id)
    if not found:
        return None
    row = found[0]
    return drafting.Registered(
        sponsor_name=str(row["sponsor_name"]),
        name=str(row["name"]),
        account_id=str(row["platform_account_id"]) if row["platform_account_id"] else None,
        verified_subject=str(row["verified_subject"]) if row["verified_subject"] else None,
        url=str(row["url"]) if row["url"] else None,
    )


def _letter_office(office: Office, inputs: Mapping[str, object]) -> drafting.LetterOffice:
    platform = str(inputs["platform"])
    typed = str(inputs.get("platform_company") or "") if platform == "other" else ""
    company = typed or office.platform_companies.get(platform)
    if company is None:
        raise SettingsError(f"office.yml 的 platform_companies 缺少 {platform} 的运营公司名称")
    return drafting.LetterOffice(
        office.issuer,
        office.bureau,
        office.public_security,
        office.cyberspace_office,
        company,
        office.contact.name,
        office.contact.phone,
    )
