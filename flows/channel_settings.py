"""Which channels there are and where messages go: from the environment and ``<home>/chat.yml``.

A channel exists by itself when its variables are set, named after its kind. The file adds more of a
kind, routes severities, and says when a flood becomes a digest. Secrets stand in the environment
alone; the file names the variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.chat import Pace
from flows.settings import Settings, SettingsError
from playbooks.core.routing import Channel, Routing

Kind = Literal["slack", "wecom", "dingtalk", "feishu", "email"]
Reach = Literal["internal", "external"]
Severity = Literal["info", "warning", "urgent"]

KINDS: Final[tuple[Kind, ...]] = ("slack", "wecom", "dingtalk", "feishu", "email")
FILE_NAME: Final = "chat.yml"


@dataclass(frozen=True)
class ChannelSettings:
    """One channel as configured; secrets never show."""

    name: str
    kind: Kind
    is_external: bool
    webhook: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Channels:
    """Everything about channels: how each is reached, and where messages go."""

    configured: Mapping[str, ChannelSettings]
    routing: Routing


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Channel(_Strict):
    kind: Kind | None = None
    webhook: Annotated[str, Field(pattern=r"^JUZHEN_[A-Z0-9_]+$")] = ""
    secret: Annotated[str, Field(pattern=r"^(JUZHEN_[A-Z0-9_]+)?$")] = ""
    reach: Reach | None = None


class _Digest(_Strict):
    from_: Annotated[int, Field(alias="from", ge=0, le=100)] = 5
    window_minutes: Annotated[int, Field(ge=1, le=60)] = 10


class _File(_Strict):
    channels: dict[str, _Channel] = Field(default_factory=dict[str, _Channel])
    routes: dict[Severity, list[str]] = Field(default_factory=dict[Severity, "list[str]"])
    digest: _Digest = Field(default_factory=_Digest)


def read_channels(settings: Settings) -> Channels:
    """Return the configured channels and the routes over them.

    Raises:
        SettingsError: the file has a fault, or a route names a channel that is not there.
    """
    path = settings.home / FILE_NAME
    declared = _read(path)
    configured = _by_environment(settings, declared)
    for name, extra in declared.channels.items():
        if name not in KINDS:
            configured[name] = _extra(settings, path, name, extra)
    routes: dict[str, tuple[str, ...]] = {}
    for severity in ("info", "warning", "urgent"):
        named = declared.routes.get(severity, list(configured))
        routes[severity] = _checked(path, severity, named, configured)
    routing = Routing(
        {name: _core(one) for name, one in configured.items()},
        routes,
        declared.digest.from_,
        timedelta(minutes=declared.digest.window_minutes),
    )
    return Channels(configured, routing)


def _read(path: Path) -> _File:
    try:
        given: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _File.model_validate(given or {})
    except FileNotFoundError:
        return _File()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} 不是可读的 YAML：{str(error).splitlines()[0]}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path} 的 {where} 不正确：{first['msg']}") from error


def _by_environment(settings: Settings, declared: _File) -> dict[str, ChannelSettings]:
    """Return the channels whose variables are set; mail comes last, as the fallback."""
    found: dict[str, ChannelSettings] = {}
    for kind in KINDS:
        own = declared.channels.get(kind, _Channel())
        is_external = own.reach != "internal" if own.reach else kind != "email"
        webhook = settings.variables.get(f"JUZHEN_{kind.upper()}_WEBHOOK", "")
        secret = settings.variables.get(f"JUZHEN_{kind.upper()}_SECRET", "")
        is_set = {
            "slack": settings.chat.is_configured,
            "email": bool(settings.variables.get("JUZHEN_SMTP_HOST")),
        }.get(kind, bool(webhook))
        if is_set:
            found[kind] = ChannelSettings(kind, kind, is_external, webhook, secret)
    return found


def _extra(settings: Settings, path: Path, name: str, given: _Channel) -> ChannelSettings:
    if given.kind in (None, "email"):
        raise SettingsError(f"{path} 的渠道 {name} 要写 kind：slack、wecom、dingtalk 或 feishu")
    webhook = settings.variables.get(given.webhook, "")
    if not webhook:
        raise SettingsError(
            f"渠道 {name} 缺少地址：请设置环境变量 {given.webhook or '（webhook 未写）'}"
        )
    secret = settings.variables.get(given.secret, "") if given.secret else ""
    if given.secret and not secret:
        raise SettingsError(f"渠道 {name} 缺少密钥：请设置环境变量 {given.secret}")
    return ChannelSettings(name, given.kind, given.reach != "internal", webhook, secret)


def _checked(
    path: Path, severity: str, named: Sequence[str], configured: Mapping[str, ChannelSettings]
) -> tuple[str, ...]:
    missing = [name for name in named if name not in configured]
    if missing:
        raise SettingsError(
            f"{path} 的 routes.{severity} 用到没有配置的渠道 {'、'.join(missing)}；"
            f"现有：{'、'.join(configured) or '无'}（变量见 docs/settings.md）"
        )
    return tuple(dict.fromkeys(named))


def _core(one: ChannelSettings) -> Channel:
    paces = tuple((pace.count, pace.seconds) for pace in _paces(one.kind))
    return Channel(one.name, one.is_external, one.kind == "email", paces)


def _paces(kind: Kind) -> Sequence[Pace]:
    """Return the platform's own limits; Slack says itself when to wait, mail servers have none."""
    from connectors import dingtalk, feishu, wecom

    known = {"wecom": wecom.PACE, "dingtalk": dingtalk.PACE, "feishu": feishu.PACE}
    return known.get(kind, ())
