"""A data folder of its own that talks to fake platforms on the loopback interface."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import cast, get_args

import yaml

from connectors.simulation.dingtalk_server import DingtalkServer
from connectors.simulation.district import District, build_district
from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.feishu_server import FeishuServer
from connectors.simulation.mail_server import MailServer
from connectors.simulation.office_server import API_KEY
from connectors.simulation.platforms import Platforms, all_platforms
from connectors.simulation.slack_server import SlackServer
from connectors.simulation.slack_socket import APP_TOKEN, SocketSide
from connectors.simulation.wechat_server import WechatServer
from connectors.simulation.wecom_server import WecomServer
from flows import clock
from flows.settings import ChatSettings, Settings, SettingsError, read_settings
from flows.stack import stop_on_signals

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass
class Simulation:
    """The fictitious district, its platforms and the settings that reach them."""

    district: District
    platforms: Platforms
    slack: SlackServer
    settings: Settings

    @property
    def wechat(self) -> WechatServer:
        """The fake WeChat."""
        return self.platforms.wechat

    def set_now(self, now: datetime) -> None:
        """Move the platforms' clocks."""
        self.platforms.set_now(now)
        self.slack.now = now


@contextmanager
def simulated(home: Path, now: datetime) -> Generator[Simulation]:
    """Run the fake platforms and yield settings for the data folder *home*."""
    district = build_district()
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(EXAMPLES / "office.yml", home / "office.yml")
    with all_platforms(district, now) as platforms, SlackServer(now=now) as slack:
        settings = replace(
            read_settings({"JUZHEN_HOME": str(home)}),
            chat=ChatSettings(slack.token, "C0DUTY", "", slack.api_url),
            source_urls=platforms.addresses,
            credentials=str(write_credentials(home, platforms)),
        )
        yield Simulation(district, platforms, slack, settings)


def write_credentials(home: Path, platforms: Platforms) -> Path:
    """Write the credentials of every account the fake platforms serve and return the file."""
    path = home / "simulated-credentials.yml"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(yaml.safe_dump(platforms.credentials()), encoding="utf-8")
    return path


def serve(now_text: str, fault_texts: Sequence[str], say: Callable[[str], None]) -> int:
    """Serve the fake platforms until Ctrl-C, printing the variables that point juzhen at them.

    Raises:
        SettingsError: a fault that no fake platform knows.
    """
    now = _instant(now_text)
    settings = read_settings(os.environ)
    settings.home.mkdir(parents=True, exist_ok=True)
    with (
        stop_on_signals() as stop,
        all_platforms(build_district(), now) as platforms,
        SlackServer(now=now) as slack,
        SocketSide() as socket,
        WecomServer(now=clock.real_now, rate_clock=monotonic) as wecom,
        DingtalkServer(now=clock.real_now, rate_clock=monotonic) as dingtalk,
        FeishuServer(now=clock.real_now, rate_clock=monotonic) as feishu,
        MailServer() as mail,
    ):
        slack.socket_url = socket.url
        set_faults(platforms, fault_texts)
        say("仿真平台已启动（仅本机）。另开终端，先执行：")
        for line in exports(platforms, slack, write_credentials(settings.home, platforms)):
            say(f"  export {line}")
        say(f"  export JUZHEN_SLACK_APP_TOKEN={APP_TOKEN}")
        if now_text:
            say(f"  export JUZHEN_NOW={now.isoformat()}")
        say(f"自建客户端接口：{platforms.office.base_url}（声明见 examples/sources/own_app.yml）")
        say("其他渠道，按需要选用：")
        say(f"  export JUZHEN_WECOM_WEBHOOK='{wecom.webhook_url}'")
        say(f"  export JUZHEN_DINGTALK_WEBHOOK='{dingtalk.webhook_url}'")
        say(f"  export JUZHEN_DINGTALK_SECRET={dingtalk.secret}")
        say(f"  export JUZHEN_FEISHU_WEBHOOK={feishu.webhook_url}")
        say(f"  export JUZHEN_FEISHU_SECRET={feishu.secret}")
        say(f"  export JUZHEN_SMTP_HOST=localhost JUZHEN_SMTP_PORT={mail.port}")
        say("  export JUZHEN_SMTP_SECURITY=none JUZHEN_SMTP_FROM=juzhen@office.example")
        say(
            f"仿真时刻 {now.isoformat()}；聊天记录写在 {settings.home / 'slack.html'}。Ctrl-C 停止。"
        )
        while not stop.wait(2.0):
            slack.write_transcript(settings.home / "slack.html", "仿真聊天")
            for name, bot in (("wecom", wecom), ("dingtalk", dingtalk), ("feishu", feishu)):
                bot.write_transcript(settings.home / f"{name}.html", f"仿真群聊 {name}")
    return 0


def exports(platforms: Platforms, slack: SlackServer, credentials: Path) -> Iterator[str]:
    """Yield the variables that point juzhen at the fake platforms."""
    for source, address in platforms.addresses.items():
        yield f"JUZHEN_{source.upper()}={address}"
    yield f"JUZHEN_CREDENTIALS={credentials}"
    yield f"YUNSHAN_APP_KEY={API_KEY}"
    yield f"JUZHEN_SLACK_API={slack.api_url}"
    yield f"JUZHEN_SLACK_TOKEN={slack.token} JUZHEN_SLACK_CHANNEL=C0DUTY"


def set_faults(platforms: Platforms, texts: Sequence[str]) -> None:
    """Switch on faults written ``source:kind`` or ``source:kind:endpoint``.

    Raises:
        SettingsError: a source or a kind that does not exist.
    """
    plans: dict[str, FaultPlan] = {name: one.faults for name, one in platforms.others.items()}
    plans |= {"wechat_api": platforms.wechat.faults, "office": platforms.office.faults}
    chosen: dict[str, list[Fault]] = {}
    for text in texts:
        source, _, rest = text.partition(":")
        kind, _, endpoint = rest.partition(":")
        if source not in plans or kind not in get_args(FaultKind):
            raise SettingsError(
                f"没有故障 {text}；应写成 数据源:故障[:接口]，数据源有 {'、'.join(plans)}，"
                f"故障有 {'、'.join(get_args(FaultKind))}"
            )
        chosen.setdefault(source, []).append(Fault(cast("FaultKind", kind), endpoint or None))
    for source, faults in chosen.items():
        plans[source].replace(faults)


def _instant(text: str) -> datetime:
    return clock.parse_instant("--now", text) if text else clock.real_now()
