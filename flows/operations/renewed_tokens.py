"""Tokens that a platform has renewed: kept where the account's own credentials are kept, never in them.

What a person wrote is not touched. Beside it stands what the platform put in its place, together
with digests of what it replaces: a person who authorises anew writes other credentials, the digests
no longer fit, and what was renewed before is forgotten. Credentials from a file or the environment are
continued in ``<home>/renewed_tokens.yml`` (0600), those from Prefect Secret blocks in a block of their
own, so that an office that wants no secret on its disk has none there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol

import yaml
from pydantic import TypeAdapter, ValidationError

from flows.operations import secret_blocks
from flows.settings import SettingsError

FILE_NAME = "renewed_tokens.yml"
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Renewal:
    """What a platform renewed for one account.

    Attributes:
        replaces: name -> SHA-256 of the credential that a person gave, which *values* continue.
        values: name -> the secret in its place.
    """

    replaces: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


_ENTRY = TypeAdapter(Renewal)
_ENTRIES = TypeAdapter(dict[str, Renewal])


class Store(Protocol):
    """Where what was renewed for one account is kept."""

    def read(self) -> Renewal:
        """Return what is kept; empty when there is nothing."""
        ...

    def write(self, renewal: Renewal) -> None:
        """Keep *renewal* in place of what is kept."""
        ...


@dataclass
class Continued:
    """The credentials of one account as a person gave them, continued by what the platform renewed.

    Attributes:
        given: what the person's file or block holds, resolved.
        names: of those that the platform renews together.
        fault: why the latest renewal could not be kept; empty when it was.
    """

    store: Store
    given: Mapping[str, str] = field(repr=False)
    names: tuple[str, ...]
    fault: str = ""

    def values(self) -> dict[str, str]:
        """Return *given* with what was renewed since in its place.

        Raises:
            SettingsError: what is kept cannot be read.
        """
        return {**self.given, **self._renewed()}

    def keep(self, renewed: Mapping[str, str]) -> None:
        """Keep *renewed* beside what was renewed before; what goes wrong becomes ``fault``."""
        try:
            self.store.write(Renewal(self._digests(), {**self._renewed(), **renewed}))
            self.fault = ""
        except (SettingsError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.fault = f"换发的令牌没有存下（{reason}）；下一夜可能需要重新授权"

    def _renewed(self) -> Mapping[str, str]:
        kept = self.store.read()
        return kept.values if kept.replaces == self._digests() else {}

    def _digests(self) -> dict[str, str]:
        held = ((name, self.given.get(name, "")) for name in self.names)
        return {name: hashlib.sha256(value.encode()).hexdigest() for name, value in held}


@dataclass(frozen=True)
class FileStore:
    """One account's entry in the file of all accounts."""

    path: Path
    key: str

    def read(self) -> Renewal:
        """Return the entry."""
        return _entries(self.path).get(self.key, Renewal())

    def write(self, renewal: Renewal) -> None:
        """Replace the entry and leave the others alone, whoever else is writing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(self.path):
            entries = {**_entries(self.path), self.key: renewal}
            document = {key: asdict(entry) for key, entry in entries.items()}
            _replace(self.path, yaml.safe_dump(document, allow_unicode=True))


@dataclass(frozen=True)
class BlockStore:
    """A Secret block of the Prefect server for one account."""

    source: str
    account_id: str

    @property
    def name(self) -> str:
        """Of the block; Prefect wants lower case and dashes."""
        return f"juzhen-renewed-{self.source}-{self.account_id}".lower().replace("_", "-")

    def read(self) -> Renewal:
        """Return what the block holds."""
        held = secret_blocks.load(self.name)
        if held is None:
            return Renewal()
        try:
            # Prefect gives back the object where the text it was given is JSON.
            is_text = isinstance(held, str)
            return _ENTRY.validate_json(held) if is_text else _ENTRY.validate_python(held)
        except ValidationError:
            raise _spoilt(f"Prefect 中的 Secret 块 {self.name}") from None

    def write(self, renewal: Renewal) -> None:
        """Replace the block."""
        secret_blocks.save(self.name, json.dumps(asdict(renewal)))


def _entries(path: Path) -> dict[str, Renewal]:
    if not path.is_file():
        return {}
    try:
        return _ENTRIES.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError):
        raise _spoilt(str(path)) from None


def _spoilt(place: str) -> SettingsError:
    # Not chained: the errors quote what stands there, and that is a secret.
    return SettingsError(f"{place} 已损坏；请移走它，有的账号可能要重新授权")


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Keep other threads and processes from writing *path* meanwhile."""
    with _ONE_AT_A_TIME, path.with_suffix(".lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    """Write *path* whole or not at all, readable by its owner only."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    partial.replace(path)
