"""The code of sources whose calls must be signed: one module each, named by its declaration.

``signature: bilibili`` in a declaration means ``connectors/signatures/bilibili.py`` with
``signed(request, account, now) -> Request``. A declaration that names no module is refused when it is
read, so nothing here has to be told about a new one.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from connectors.asking import SourceAccount
from connectors.declaration import Declaration
from connectors.http import Request


class Signer(Protocol):
    """What such a module has."""

    def signed(self, request: Request, account: SourceAccount, now: datetime) -> Request:
        """Return *request* as the platform wants it signed."""
        ...


def signed(
    declaration: Declaration, request: Request, account: SourceAccount, now: datetime
) -> Request:
    """Return *request* as the source wants it signed; most want nothing."""
    if declaration.signature is None:
        return request
    module = cast("Signer", import_module(f"{__name__}.{declaration.signature}"))
    return module.signed(request, account, now)


def is_known(name: str) -> bool:
    """Whether there is code for the signature *name*."""
    return find_spec(f"{__name__}.{name}") is not None
