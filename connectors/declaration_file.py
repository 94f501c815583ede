"""Read a declaration strictly: every fault with its file and line, all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import yaml
from pydantic import TypeAdapter, ValidationError

from connectors.declaration import Declaration, Endpoint
from connectors.signatures import is_known
from connectors.yaml_lines import DeclarationError, Location, line_of, read_document

# What a parameter may stand for, beside the names of the account's credentials.
VARIABLES = frozenset(
    {
        "account_id", "begin_on", "end_on", "days", "offset", "page", "size", "cursor",
        "item_id", "item_ids", "item_head", "item_index", "is_forced",
    }
)  # fmt: skip


@cache
def bundled(name: str) -> Declaration:
    """Return the declaration of ``connectors/<name>.yml``."""
    path = Path(__file__).with_name(f"{name}.yml")
    return parse_declaration(path.read_text(encoding="utf-8"), path.name)


def parse_declaration(text: str, file_name: str) -> Declaration:
    """Return the declaration in *text*; *file_name* only serves the messages.

    Raises:
        DeclarationError: as ``read_document``, an unknown, missing or wrong entry, or one that
            contradicts another.
    """
    root, document = read_document(text, file_name)
    return parse_mapping(document, root, file_name)


def parse_mapping(
    document: dict[str, object], root: yaml.MappingNode, file_name: str
) -> Declaration:
    """Return the declaration in *document*, whose lines *root* knows; as ``parse_declaration``."""
    try:
        declaration = TypeAdapter(Declaration).validate_python(_named(document))
    except ValidationError as error:
        raise DeclarationError(sentences(error, root, file_name)) from None
    faults = list(faults_of(declaration))
    if faults:
        lines = [f"{file_name}:{line_of(root, where)}: {what}" for where, what in faults]
        raise DeclarationError("\n".join(lines))
    return declaration


def _named(document: dict[str, object]) -> dict[str, object]:
    """Give every endpoint its name, the hour and what is common, and every error code its text."""
    made = dict(document)
    common = _mapping(made.pop("common", None)) or {}
    coverage = _mapping(document.get("coverage")) or {}
    if "ready_hour" in coverage:
        common = {"ready_hour": coverage["ready_hour"], **common}
    endpoints = _mapping(document.get("endpoints"))
    if endpoints is not None:
        made["endpoints"] = {
            name: one
            if _mapping(one) is None
            else {**common, **(_mapping(one) or {}), "name": name}
            for name, one in endpoints.items()
        }
    errors = _mapping(document.get("errors"))
    if errors is not None:
        made["errors"] = errors
    return made


def _mapping(value: object) -> dict[str, object] | None:
    if not isinstance(value, dict):
        return None
    return {str(key): one for key, one in cast("dict[object, object]", value).items()}


def faults_of(declaration: Declaration) -> Iterator[tuple[Location, str]]:
    """Yield what each entry alone cannot show: a name that nothing answers to, a loop without end."""
    known = VARIABLES | {*declaration.identifiers, *declaration.secret_names}
    for name, endpoint in declaration.endpoints.items():
        where: Location = ("endpoints", name)
        for parameter, value in endpoint.parameters.items():
            if isinstance(value, str) and value.startswith("$") and value[1:] not in known:
                known_text = "、".join(f"${one}" for one in sorted(known))
                yield (*where, "parameters", parameter), f"没有变量 {value}；可用：{known_text}"
        for what in _endpoint_faults(declaration, endpoint):
            yield where, what
    yield from _source_faults(declaration)


def _source_faults(declaration: Declaration) -> Iterator[tuple[Location, str]]:
    for secret in declaration.token.renews if declaration.token else ():
        if secret not in declaration.secret_names:
            what = f"{secret} 不在 credentials、optional_credentials 之中"
            yield ("token", "renews", secret), what
    if declaration.signature and not is_known(declaration.signature):
        yield ("signature",), f"没有 connectors/signatures/{declaration.signature}.py"
    expected = declaration.expected_per_night
    if expected and (expected.least_rows or 0) > (expected.most_rows or float("inf")):
        yield ("expected_per_night",), "least_rows 不得大于 most_rows"
    if not re.match(r"https?://[^/?#@\s]+$", declaration.base_url):
        yield ("base_url",), "应为 http(s)://主机[:端口]，不含路径、账号和参数"


def _endpoint_faults(declaration: Declaration, endpoint: Endpoint) -> Iterator[str]:
    if not endpoint.path.startswith("/") or endpoint.path.startswith("//"):
        yield "path 应以单个 / 开头"
    if endpoint.asks == "recent_days" and not endpoint.recent_lengths:
        yield "asks: recent_days 须写 recent_lengths，如 [7, 15, 30]"
    if (endpoint.asks == "items") != (endpoint.items is not None):
        yield "asks: items 与 items 须同时写"
    if endpoint.items is not None and endpoint.items.endpoint not in declaration.endpoints:
        yield f"items.endpoint 指向没有声明的接口 {endpoint.items.endpoint}"
    if endpoint.asks == "list" and endpoint.paging is None:
        yield "asks: list 须写 paging"
    if endpoint.quota_reserve >= (endpoint.daily_quota or endpoint.quota_reserve + 1):
        yield "quota_reserve 应小于 daily_quota"


def sentences(error: ValidationError, root: yaml.Node, file_name: str) -> str:
    """Return every fault of a validation, one a line, with its place and never with the value."""
    lines: list[str] = []
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        lines.append(f"{file_name}:{line_of(root, fault['loc'])}: {where}: {_words(fault['type'])}")
    return "\n".join(dict.fromkeys(lines))


def _words(kind: str) -> str:
    """Return what is wrong, without the value: a secret may stand where none belongs."""
    known = {
        "missing": "缺少这一项",
        "unexpected_keyword_argument": "没有这一项；请核对拼写",
        "literal_error": "不是允许的值",
        "string_pattern_mismatch": "格式不对（小写英文、数字、下划线）",
        "string_type": "应为文字；数字请加引号",
    }
    return known.get(kind, f"不合要求（{kind}）")
