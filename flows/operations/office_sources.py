"""The interfaces that an office declares for itself: one broken file costs that interface alone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import duckdb

import sql
from connectors.addresses import RefusedAddressError, UnknownHostError
from connectors.asking import SourceAccount
from connectors.declaration import Declaration
from connectors.office_source import (
    OfficeSource,
    as_rows,
    declared_figures,
    parse_office_source,
    reach_of,
)
from connectors.sources import bundled_sources
from connectors.yaml_lines import DeclarationError
from flows.operations.credentials import Accounts, resolved
from flows.settings import Settings, SettingsError


@dataclass(frozen=True)
class OfficeSources:
    """What ``<home>/sources`` holds: interfaces that can be asked, and a sentence for each that cannot."""

    sources: tuple[OfficeSource, ...]
    faults: tuple[str, ...]

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """Their declarations."""
        return tuple(one.declaration for one in self.sources)


def read_office_sources(settings: Settings) -> OfficeSources:
    """Read every declaration of ``<home>/sources``, in the order of their file names."""
    sources: list[OfficeSource] = []
    faults: list[str] = []
    taken = set(bundled_sources())
    for path in sorted(settings.sources.glob("*.yml")):
        try:
            source = parse_office_source(path.read_text(encoding="utf-8"), path.name)
        except UnicodeDecodeError:
            faults.append(f"{path.name}: 不是 UTF-8 文本；请另存为 UTF-8")
        except OSError as error:
            faults.append(f"{path.name}: 读不了（{error.strerror}）")
        except DeclarationError as error:
            faults.extend(str(error).splitlines())
        else:
            if source.declaration.source in taken:
                faults.append(f"{path.name}: source {source.declaration.source} 已被占用，请换一个")
                continue
            taken.add(source.declaration.source)
            sources.append(source)
    return OfficeSources(tuple(sources), tuple(faults))


def accounts_of(source: OfficeSource) -> Accounts:
    """Return the accounts of an interface with its secret.

    Raises:
        SettingsError: the secret it names does not exist.
    """
    place = source.declaration.source
    secret = {"access_token": resolved(source.secret, place)} if source.secret else {}
    return {
        account_id: SourceAccount(account_id, {**values, **secret})
        for account_id, values in source.accounts.items()
    }


def reachable_accounts(settings: Settings, source: OfficeSource) -> Accounts:
    """Return the accounts of an interface that may be asked.

    The night's client judges the address again at every connection; this look says it beforehand.

    Raises:
        SettingsError: its secret does not exist, or it lies at a private address nobody allowed.
    """
    declaration = source.declaration
    base_url = settings.source_urls.get(declaration.source, declaration.base_url)
    parts = urlsplit(base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        reach_of(source).resolve(parts.hostname or "", port)
    except UnknownHostError:
        pass  # asking it fails by itself, and may have healed by then
    except RefusedAddressError as error:
        raise SettingsError(
            f"{declaration.source}：{base_url} 的主机 {error}；"
            "确属本单位服务器的，请把主机名写进声明的 private_hosts"
        ) from error
    return accounts_of(source)


def copy_declared(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Copy what the declarations say about figures into ``stats``, for the staging to read."""
    connection.execute("delete from declared_figure")
    for declaration in read_office_sources(settings).declarations:
        sql.insert(connection, "declared_figure", as_rows(declared_figures(declaration)))
