"""The credentials of the accounts: a file readable by its owner only, or Prefect Secret blocks.

Nothing here is ever quoted: not in an error, not in a log. A value may stand in the file itself, or
be named: ``env:NAME`` for an environment variable, ``prefect-secret:BLOCK`` for a Secret block.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import yaml
from pydantic import TypeAdapter, ValidationError

from connectors.asking import SourceAccount
from connectors.declaration import Declaration
from flows.operations import secret_blocks
from flows.operations.renewed_tokens import FILE_NAME, BlockStore, Continued, FileStore
from flows.settings import Settings, SettingsError

SECRET_BLOCK = "prefect-secret:"  # noqa: S105 - a prefix, not a secret
VARIABLE = "env:"
WECHAT = "wechat_api"

Accounts = dict[str, SourceAccount]
_ENTRIES = TypeAdapter(dict[str, dict[str, dict[str, str]]])


def read_credentials(
    settings: Settings, declarations: Iterable[Declaration]
) -> dict[str, Accounts]:
    """Return the accounts that have credentials, by source and account id.

    Raises:
        SettingsError: the file is missing, open to others, or no YAML; an entry has not exactly what
            its source declares; a named secret does not exist. The sentence names the place and
            never quotes what stands there.
    """
    declared = {one.source: one for one in declarations}
    given: dict[str, Accounts] = {}
    if settings.credentials:
        for source, entries in _sections(settings.credentials).items():
            place = f"{settings.credentials} 的 {source}"
            if source not in declared:
                known = "、".join(declared)
                raise SettingsError(f"凭据 {place}：没有这个数据源；现有：{known}")
            given[source] = _accounts(settings, declared[source], entries, place)
    if settings.wechat_credentials is not None:
        place = str(settings.wechat_credentials)
        entries = _validated({WECHAT: _read_yaml(settings.wechat_credentials) or {}}, place)[WECHAT]
        given[WECHAT] = {
            **given.get(WECHAT, {}),
            **_accounts(settings, declared[WECHAT], entries, place),
        }
    return given


def resolved(value: str, place: str) -> str:
    """Return the secret that *value* is or names.

    Raises:
        SettingsError: the variable is not set, or Prefect has no such block.
    """
    if value.startswith(VARIABLE):
        name = value.removeprefix(VARIABLE)
        found = os.environ.get(name, "")
        if not found:
            raise SettingsError(f"凭据 {place}：环境变量 {name} 没有设置")
        return found
    if value.startswith(SECRET_BLOCK):
        return str(_secret_block(value.removeprefix(SECRET_BLOCK), place))
    return value


def _sections(given: str) -> dict[str, dict[str, dict[str, str]]]:
    if not given.startswith(SECRET_BLOCK):
        return _validated(_read_yaml(Path(given)) or {}, given)
    held = _secret_block(given.removeprefix(SECRET_BLOCK), given)
    if isinstance(held, str):
        try:
            held = cast("object", yaml.safe_load(held))
        except yaml.YAMLError:
            raise SettingsError(f"凭据 {given} 的内容不是有效的 YAML 或 JSON") from None
    return _validated(held or {}, given)


def _validated(entries: object, place: str) -> dict[str, dict[str, dict[str, str]]]:
    try:
        return _ENTRIES.validate_python(entries, strict=True)
    except ValidationError as error:
        places = {".".join(str(part) for part in fault["loc"][:2]) for fault in error.errors()}
        raise SettingsError(
            f"凭据文件 {place} 有误，{'、'.join(sorted(places)) or '（整个文件）'}："
            "应为“账号: {名称: 值}”，值都是文字，数字须加引号"
        ) from None


def _accounts(
    settings: Settings,
    declaration: Declaration,
    entries: Mapping[str, Mapping[str, str]],
    place: str,
) -> Accounts:
    wanted = {*declaration.identifiers, *declaration.credentials}
    allowed = wanted | set(declaration.optional_credentials)
    made: Accounts = {}
    for account_id, entry in entries.items():
        if not wanted <= set(entry) <= allowed:
            text = "、".join([*declaration.identifiers, *declaration.credentials])
            more = "、".join(declaration.optional_credentials)
            raise SettingsError(
                f"凭据文件 {place} 有误，账号 {account_id}：应有 {text}"
                f"{f'，可有 {more}' if more else ''}，不得有其他项"
            )
        values = {name: resolved(value, f"{place} {account_id}") for name, value in entry.items()}
        made[account_id] = _continued(settings, declaration, account_id, entry, values)
    return made


def _continued(
    settings: Settings,
    declaration: Declaration,
    account_id: str,
    entry: Mapping[str, str],
    values: Mapping[str, str],
) -> SourceAccount:
    """Return the account with what its platform has renewed since a person wrote *entry*."""
    names = tuple(declaration.token.renews) if declaration.token else ()
    if not names:
        return SourceAccount(account_id, values)
    written = [settings.credentials, *(entry.get(name, "") for name in names)]
    if any(text.startswith(SECRET_BLOCK) for text in written):
        store = BlockStore(declaration.source, account_id)
    else:
        store = FileStore(settings.home / FILE_NAME, f"{declaration.source}/{account_id}")
    continued = Continued(store, values, names)
    return SourceAccount(account_id, continued.values(), continued)


def _secret_block(name: str, place: str) -> object:
    try:
        held = secret_blocks.load(name)
    except SettingsError:
        held = None
    if held is None:
        raise SettingsError(f"凭据 {place}：Prefect 中取不到名为 {name} 的 Secret 块")
    return held


def _read_yaml(path: Path) -> object:
    if not path.is_file():
        raise SettingsError(
            f"凭据文件 {path} 不存在；请检查 JUZHEN_CREDENTIALS 或 JUZHEN_WECHAT_CREDENTIALS"
        )
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"凭据文件 {path} 别人也能读写；请先运行 chmod 600 {path}")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        # Neither error is chained: both quote the line, and the line may be a secret.
        raise SettingsError(f"凭据文件 {path} 不是有效的 UTF-8 YAML；请核对缩进与冒号") from None
