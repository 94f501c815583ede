"""Every fake statistics platform at once, as a night needs them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from connectors.simulation.bilibili_server import BilibiliServer
from connectors.simulation.district import District
from connectors.simulation.douyin_server import DouyinServer
from connectors.simulation.kuaishou_server import KuaishouServer
from connectors.simulation.office_server import OfficeServer
from connectors.simulation.platform_server import PlatformServer
from connectors.simulation.wechat_server import WechatServer
from connectors.simulation.weibo_server import WeiboServer


@dataclass(frozen=True)
class Platforms:
    """The servers, each under the name of the source that asks it."""

    wechat: WechatServer
    office: OfficeServer
    others: dict[str, PlatformServer]

    @property
    def addresses(self) -> dict[str, str]:
        """Source name to base address."""
        others = {name: server.base_url for name, server in self.others.items()}
        return {"wechat_api": self.wechat.base_url, **others}

    def set_now(self, now: datetime) -> None:
        """Move the platforms' clocks."""
        self.wechat.now = self.office.now = now
        for server in self.others.values():
            server.now = now

    def credentials(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return the credentials of every account, in the shape of the credentials file."""
        wechat: dict[str, dict[str, str]] = {}
        for account_id in self.wechat.account_ids:
            given = self.wechat.credentials(account_id)
            wechat[account_id] = {"appid": given.appid, "secret": given.secret}
        others = {
            name: {account_id: server.credentials(account_id) for account_id in server.accounts}
            for name, server in self.others.items()
        }
        return {"wechat_api": wechat, **others}


@contextmanager
def all_platforms(district: District, now: datetime) -> Generator[Platforms]:
    """Serve every platform on free ports of 127.0.0.1 until the block ends."""
    classes: dict[str, type[PlatformServer]] = {
        "weibo_api": WeiboServer,
        "douyin_api": DouyinServer,
        "bilibili_api": BilibiliServer,
        "kuaishou_api": KuaishouServer,
    }
    with ExitStack() as stack:
        yield Platforms(
            stack.enter_context(WechatServer(district, now=now)),
            stack.enter_context(OfficeServer(now=now)),
            {
                name: stack.enter_context(server(district, now=now))
                for name, server in classes.items()
            },
        )
