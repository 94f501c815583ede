"""The credentials of official accounts: one file, readable by its owner only, never quoted anywhere."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from connectors.wechat import WechatAccount
from flows.settings import Settings, SettingsError


class Credential(BaseModel):
    """One entry; an unknown or missing key is refused, and so is a number without quotes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    appid: str
    secret: str


def read_credentials(settings: Settings) -> dict[str, WechatAccount]:
    """Return the credentials by account id from the file the settings name; none without a file.

    Raises:
        SettingsError: the file is missing or no YAML, or an entry is not exactly appid and secret.
            The sentence names the place and never quotes what stands there.
    """
    path = settings.wechat_credentials
    if path is None:
        return {}
    entries = TypeAdapter(dict[str, Credential]).validate_python
    try:
        given = entries(_read_yaml(path) or {})
    except ValidationError as error:
        places = {".".join(str(part) for part in fault["loc"][:1]) for fault in error.errors()}
        raise SettingsError(
            f"凭据文件 {path} 有误，账号 {'、'.join(sorted(places)) or '（整个文件）'}："
            "每个账号应恰有 appid 与 secret 两项，都是文字，数字须加引号"
        ) from None
    return {name: WechatAccount(name, one.appid, one.secret) for name, one in given.items()}


def _read_yaml(path: Path) -> object:
    if not path.is_file():
        raise SettingsError(f"凭据文件 {path} 不存在；请检查 JUZHEN_WECHAT_CREDENTIALS")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        # Neither error is chained: both quote the line, and the line may be a secret.
        raise SettingsError(f"凭据文件 {path} 不是有效的 UTF-8 YAML；请核对缩进与冒号") from None
