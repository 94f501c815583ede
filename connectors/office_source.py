"""An office's own statistics interface, declared in YAML alone and kept within bounds.

The vocabulary is that of every source; an office adds which accounts it speaks for, where its secret
is to be found, and which private addresses may be reached. It gives figures of accounts, not items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from connectors.addresses import LookUp, Reach, system_look_up
from connectors.declaration import Declaration, Endpoint, Metric
from connectors.declaration_file import parse_mapping, sentences
from connectors.yaml_lines import DeclarationError, Location, line_of, read_document

MOST_CALLS = 400  # of one account and endpoint in one night, whatever the spans say
_KEY = re.compile(r"[^\s\"'\\$*.\[\]]+(\.[^\s\"'\\$*.\[\]]+)*")


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _OwnEntries:
    accounts: Mapping[str, Mapping[str, str] | None] = Field(min_length=1)
    secret: str = ""
    private_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeSource:
    """One declared interface.

    Attributes:
        declaration: in the common vocabulary.
        accounts: account id of the register to what names it at the interface.
        secret: ``env:NAME`` or ``prefect-secret:BLOCK``; empty where none is asked for.
        private_hosts: hosts that may lie in a private network; all others may not.
    """

    declaration: Declaration
    accounts: Mapping[str, Mapping[str, str]]
    secret: str
    private_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclaredFigure:
    """One figure for the table ``declared_figure``; paths are JSON paths."""

    source: str
    endpoint: str
    rows_path: str
    day_path: str | None
    value_path: str
    metric: str
    semantics: str
    factor: float


def parse_office_source(text: str, file_name: str) -> OfficeSource:
    """Return the interface declared in *text*; *file_name* only serves the messages.

    Raises:
        DeclarationError: every fault with its file and line.
    """
    root, document = read_document(text, file_name)
    own_keys = ("accounts", "secret", "private_hosts")
    own = {key: document.pop(key) for key in own_keys if key in document}
    found: list[str] = []
    accounts: dict[str, dict[str, str]] = {}
    entries = declaration = None
    try:
        entries = TypeAdapter(_OwnEntries).validate_python(own)
        accounts = {name: dict(values or {}) for name, values in entries.accounts.items()}
    except ValidationError as error:
        found.append(sentences(error, root, file_name))
    try:
        declaration = parse_mapping(_completed(document, accounts), root, file_name)
    except DeclarationError as error:
        found.append(str(error))
    if entries is None or declaration is None:
        raise DeclarationError("\n".join(found))
    source = OfficeSource(declaration, accounts, entries.secret, entries.private_hosts)
    faults = [
        f"{file_name}:{line_of(root, where)}: {what}" for where, what in _faults(source, document)
    ]
    if faults:
        raise DeclarationError("\n".join(faults))
    return source


def _completed(
    document: Mapping[str, object], accounts: Mapping[str, Mapping[str, str]]
) -> dict[str, object]:
    # What names an account is what its entries hold: an office need not say it twice.
    names = sorted({name for values in accounts.values() for name in values})
    auth = {"credentials": ["access_token"]} if document.get("auth") else {}
    return {**document, "identifiers": names, **auth}


def declared_figures(declaration: Declaration) -> list[DeclaredFigure]:
    """Return every figure of the declaration as SQL reads it."""
    return [
        DeclaredFigure(
            declaration.source,
            name,
            json_path(endpoint.rows_path),
            json_path(endpoint.day_key) if endpoint.day_key else None,
            json_path(path),
            metric.metric,
            metric.semantics,
            metric.factor,
        )
        for name, endpoint in declaration.endpoints.items()
        for path, metric in _metrics(endpoint)
    ]


def json_path(path: str) -> str:
    """Return a dotted path as a JSON path; its keys were checked to hold nothing that ends them."""
    return "$" + "".join(f'."{key}"' for key in path.split(".") if key)


def reach_of(source: OfficeSource, look_up: LookUp = system_look_up) -> Reach:
    """Return where the interface may be reached: public addresses, and the private hosts it names."""
    return Reach(look_up, ports=None, private_hosts=frozenset(source.private_hosts))


def _metrics(endpoint: Endpoint) -> Iterator[tuple[str, Metric]]:
    for path, metric in endpoint.metrics.items():
        yield path, Metric(metric) if isinstance(metric, str) else metric


def _faults(source: OfficeSource, document: Mapping[str, object]) -> Iterator[tuple[Location, str]]:
    declaration = source.declaration
    for key in ("credentials", "identifiers", "optional_credentials", "token", "signature"):
        if key in document:
            yield (key,), f"自建接口不写 {key}；账号参数写在 accounts，密钥写在 secret"
    if bool(declaration.auth) != bool(source.secret):
        yield ("auth",), "auth 与 secret 须同时写"
    if source.secret and not source.secret.startswith(("env:", "prefect-secret:")):
        yield ("secret",), "不得直接写密钥；应为 env:变量名 或 prefect-secret:块名"
    yield from _account_faults(source)
    yield from _metric_faults(declaration)


def _account_faults(source: OfficeSource) -> Iterator[tuple[Location, str]]:
    names = set(source.declaration.identifiers)
    for account_id, values in source.accounts.items():
        if set(values) != names:
            yield ("accounts", account_id), f"各账号的参数须相同：{'、'.join(sorted(names))}"


def _metric_faults(declaration: Declaration) -> Iterator[tuple[Location, str]]:
    seen: dict[str, str] = {}
    for name, endpoint in declaration.endpoints.items():
        for key, what in _endpoint_faults(endpoint):
            yield ("endpoints", name, key), what
        for path, metric in _metrics(endpoint):
            if metric.metric in seen:
                where = ("endpoints", name, "metrics", path)
                yield where, f"{metric.metric} 已在 {seen[metric.metric]} 中声明"
            seen[metric.metric] = name


def _endpoint_faults(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    if endpoint.asks not in ("days", "recent_days", "now"):
        yield "asks", "自建接口只取账号级数字：days、recent_days 或 now"
    if not endpoint.metrics:
        yield "metrics", "至少要有一项：行中的路径: {metric: 名称, unit: 单位}"
    if (endpoint.day_key is None) != (endpoint.asks == "now"):
        yield "day_key", "按日的接口须写 day_key，asks: now 的接口不写"
    keys = [endpoint.rows_path, endpoint.day_key, *endpoint.metrics]
    for path in filter(None, keys):
        if not _KEY.fullmatch(path):
            yield "metrics", f"路径只能是用点连接的键名：{path[:40]!r}"
    calls = -(-endpoint.reach_days // endpoint.max_span_days)
    pages = endpoint.paging.most_pages if endpoint.paging else 1
    if calls * pages > MOST_CALLS:
        what = f"一夜最多 {calls}×{pages} 次请求，超过 {MOST_CALLS} 次；请调小 reach_days 或页数"
        yield "reach_days", what


def as_rows(figures: Sequence[DeclaredFigure]) -> list[dict[str, object]]:
    """Return the figures as rows of ``declared_figure``."""
    names = DeclaredFigure.__dataclass_fields__
    return [{name: cast("object", getattr(one, name)) for name in names} for one in figures]
