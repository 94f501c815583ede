"""A data folder of its own that talks to fake platforms on the loopback interface."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic

import yaml

from connectors.simulation.dingtalk_server import DingtalkServer
from connectors.simulation.district import District, build_district
from connectors.simulation.feishu_server import FeishuServer
from connectors.simulation.mail_server import MailServer
from connectors.simulation.slack_server import SlackServer
from connectors.simulation.slack_socket import APP_TOKEN, SocketSide
from connectors.simulation.wechat_server import WechatServer
from connectors.simulation.wecom_server import WecomServer
from flows import clock
from flows.settings import ChatSettings, Settings, read_settings
from flows.stack import stop_on_signals

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass
class Simulation:
    """The fictitious district, its platforms and the settings that reach them."""

    district: District
    wechat: WechatServer
    slack: SlackServer
    settings: Settings

    def set_now(self, now: datetime) -> None:
        """Move the platforms' clocks."""
        self.wechat.now = now
        self.slack.now = now


@contextmanager
def simulated(home: Path, now: datetime) -> Generator[Simulation]:
    """Run the fake platforms and yield settings for the data folder *home*."""
    district = build_district()
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(EXAMPLES / "office.yml", home / "office.yml")
    with WechatServer(district, now=now) as wechat, SlackServer(now=now) as slack:
        credentials = write_credentials(home, district, wechat)
        settings = replace(
            read_settings({"JUZHEN_HOME": str(home)}),
            chat=ChatSettings(slack.token, "C0DUTY", "", slack.api_url),
            source_urls={"wechat_api": wechat.base_url},
            wechat_credentials=credentials,
        )
        yield Simulation(district, wechat, slack, settings)


def write_credentials(home: Path, district: District, wechat: WechatServer) -> Path:
    """Write the credentials of every official account of the sample and return the file."""
    entries: dict[str, dict[str, str]] = {}
    for account in district.accounts:
        if account.platform == "wechat_official":
            given = wechat.credentials(account.account_id)
            entries[account.account_id] = {"appid": given.appid, "secret": given.secret}
    path = home / "wechat-credentials.yml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    path.chmod(0o600)
    return path


def serve(now_text: str, say: Callable[[str], None]) -> int:
    """Serve the fake platforms until Ctrl-C, printing the variables that point juzhen at them."""
    now = _instant(now_text)
    settings = read_settings(os.environ)
    district = build_district()
    settings.home.mkdir(parents=True, exist_ok=True)
    with (
        stop_on_signals() as stop,
        WechatServer(district, now=now) as wechat,
        SlackServer(now=now) as slack,
        SocketSide() as socket,
        WecomServer(now=clock.real_now, rate_clock=monotonic) as wecom,
        DingtalkServer(now=clock.real_now, rate_clock=monotonic) as dingtalk,
        FeishuServer(now=clock.real_now, rate_clock=monotonic) as feishu,
        MailServer() as mail,
    ):
        slack.socket_url = socket.url
        credentials = write_credentials(settings.home, district, wechat)
        say("仿真平台已启动（仅本机）。另开终端，先执行：")
        say(f"  export JUZHEN_WECHAT_API={wechat.base_url}")
        say(f"  export JUZHEN_WECHAT_CREDENTIALS={credentials}")
        say(f"  export JUZHEN_SLACK_API={slack.api_url}")
        say(f"  export JUZHEN_SLACK_TOKEN={slack.token} JUZHEN_SLACK_CHANNEL=C0DUTY")
        say(f"  export JUZHEN_SLACK_APP_TOKEN={APP_TOKEN}")
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


def _instant(text: str) -> datetime:
    return clock.parse_instant("--now", text) if text else clock.real_now()
