"""How a person is reached beside mobile and team chat (联系方式), and who changed it on which channel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

import sql
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.masking import masked, masked_identifier
from playbooks.core.messages import local
from sql.catalogs import open_catalog, write

CONTACTS: Final[Mapping[str, str]] = {
    "wecom_user_id": "企业微信",
    "dingtalk_user_id": "钉钉",
    "feishu_user_id": "飞书",
    "email": "电子邮箱",
}
OTHER_TITLES: Final[Mapping[str, str]] = {"name": "姓名", "mobile": "手机号"}
KINDS: Final[Mapping[str, str]] = {"set": "设置", "removed": "删去"}
LONGEST = 254


@dataclass(frozen=True)
class Contacts:
    """How one person is reached, numbers, accounts and addresses masked, and what was changed, the latest first.

    Attributes:
        person_id: of the register.
        shown: by name, mobile and the names in ``CONTACTS``; ``None`` when not known.
        trace: one line per change: who, when, which channel; never the account or address.
    """

    person_id: str
    shown: Mapping[str, str | None]
    trace: tuple[str, ...]


def read_contacts(settings: Settings, person: str) -> Contacts:
    """Return how a person, by id or as the forms show one, is reached.

    Raises:
        AnswerError: no such person.
    """
    with open_catalog(settings.ops) as connection:
        return _contacts(connection, identifier_in(person))


def change_contact(
    settings: Settings, person: str, given: Mapping[str, str], by: str, now: datetime
) -> Contacts:
    """Set how a person is reached, leave a trace of who did it, and return what holds then.

    Args:
        settings: of this installation.
        person: id of the register, or 「姓名(编号)」.
        given: of ``CONTACTS`` those that change; ``""`` removes one. What is so already is no change.
        by: who does it, likewise.
        now: of the change.

    Raises:
        AnswerError: no such person, or a text that is no id or address of that kind.
    """
    person_id = identifier_in(person)
    for name, text in given.items():
        _require_usable(name, text)
    with write(settings.ops) as connection:
        who = answerer(connection, by, now)
        held = _held(connection, person_id)
        changed = {name: text for name, text in given.items() if text != (held[name] or "")}
        if changed:
            values = {name: held[name] for name in CONTACTS}
            values |= {name: text or None for name, text in changed.items()}
            sql.execute(connection, "register/change_contact", person_id=person_id, **values)
        rows = [
            {
                "change_id": uuid.uuid4().hex,
                "person_id": person_id,
                "channel": name,
                "change_kind": "set" if text else "removed",
                "actor": f"person:{who.person_id}",
                "changed_at": now,
            }
            for name, text in changed.items()
        ]
        sql.insert(connection, "contact_change", rows)
        return _contacts(connection, person_id)


def title_of(name: str) -> str:
    """Return what an operator calls one of the ways in ``Contacts.shown``."""
    return {**OTHER_TITLES, **CONTACTS}[name]


def _require_usable(name: str, text: str) -> None:
    from connectors.email import is_address

    is_sound = is_address(text) if name == "email" else text.isascii() and text.isprintable()
    if text and (not is_sound or " " in text or len(text) > LONGEST or text.lower() == "all"):
        raise AnswerError(f"「{text[:40]}」不是可用的{'电子邮箱' if name == 'email' else '账号'}")


def _held(connection: duckdb.DuckDBPyConnection, person_id: str) -> sql.Row:
    found = sql.rows(connection, "register/contact_of", person_id=person_id)
    if not found:
        raise AnswerError(f"台账中没有人员 {person_id}；请核对编号，或先导入人员表")
    return found[0]


def _contacts(connection: duckdb.DuckDBPyConnection, person_id: str) -> Contacts:
    held = _held(connection, person_id)
    rows = sql.rows(connection, "register/contact_changes_of", person_id=person_id)
    names = (*OTHER_TITLES, *CONTACTS)
    shown = {name: _shown(name, str(held[name])) if held[name] else None for name in names}
    return Contacts(person_id, shown, tuple(_trace_line(row) for row in rows))


def _shown(name: str, text: str) -> str:
    return masked_identifier(text) if name in CONTACTS else masked(text)


def _trace_line(row: sql.Row) -> str:
    changed_at = row["changed_at"]
    assert isinstance(changed_at, datetime)
    moment = changed_at if changed_at.tzinfo else changed_at.replace(tzinfo=UTC)
    who = row["actor_name"] or str(row["actor"]).removeprefix("person:")
    return f"{local(moment)} {who} {KINDS[str(row['change_kind'])]}{CONTACTS[str(row['channel'])]}"
