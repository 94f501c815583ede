"""From a declared endpoint and a question to the request that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from connectors.declaration import Auth, Endpoint, Scalar
from connectors.http import Request
from connectors.windows import Window


@dataclass(frozen=True, slots=True)
class Question:
    """What one call asks about: days, a place in a list, or items."""

    window: Window
    page: int = 0
    offset: int = 0
    size: int = 0
    cursor: Scalar = 0
    item_ids: tuple[str, ...] = ()

    def variables(self) -> dict[str, Scalar]:
        """Return what a declared parameter may stand for."""
        first = self.item_ids[0] if self.item_ids else ""
        head, _, position = first.rpartition("_")
        return {
            "begin_on": self.window.begin_on.isoformat(),
            "end_on": self.window.end_on.isoformat(),
            "days": (self.window.end_on - self.window.begin_on).days + 1,
            "page": self.page,
            "offset": self.offset,
            "size": self.size,
            "cursor": self.cursor,
            "item_id": first,
            "item_ids": ",".join(self.item_ids),
            "item_head": head,
            # Platforms that count items of one message from 1 in one place do it from 0 in another.
            "item_index": int(position) - 1 if position.isdecimal() and position.isascii() else 0,
        }


class TokenKeeper(Protocol):
    """Keeps secrets that a platform has renewed, so that the next run begins with them.

    Attributes:
        fault: why the latest ones could not be kept; empty when they were.
    """

    fault: str

    def keep(self, renewed: Mapping[str, str]) -> None:
        """Keep *renewed* by name; never raises: what goes wrong becomes ``fault``."""
        ...


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """One account and what is needed to ask for it; the values are secrets and never printed.

    Without a *keeper* renewed secrets serve for this run only.
    """

    account_id: str
    values: Mapping[str, str] = field(repr=False)
    keeper: TokenKeeper | None = field(default=None, repr=False, compare=False)


def filled(parameters: Mapping[str, Scalar], variables: Mapping[str, Scalar]) -> dict[str, object]:
    """Return *parameters* with every ``$name`` replaced; a name without a value is left out."""
    made: dict[str, object] = {}
    for name, value in parameters.items():
        if not isinstance(value, str) or not value.startswith("$"):
            made[name] = value
        elif value[1:] in variables:
            made[name] = variables[value[1:]]
    return made


def request_for(
    endpoint: Endpoint, auth: Auth | None, token: str, variables: Mapping[str, Scalar]
) -> Request:
    """Return the request for one call, with the token where the platform wants it."""
    given = filled(endpoint.parameters, variables)
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    if endpoint.method == "GET":
        query = {name: as_text(value) for name, value in given.items()}
    if auth is not None and token:
        place = query if auth.place == "query" else headers
        place[auth.name] = f"{auth.prefix}{token}"
    body = given if endpoint.method == "POST" else None
    return Request(endpoint.method, endpoint.path, query=query, headers=headers, json=body)


def as_text(value: object) -> str:
    """Return a parameter as an address writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
