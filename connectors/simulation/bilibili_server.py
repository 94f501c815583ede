"""A fake Bilibili open platform that checks the signature of every call."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from connectors.signatures.bilibili import bilibili_signature
from connectors.simulation.loopback import Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.platform_server import PlatformServer, json_reply, number
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics, Reading

CLIENT_ID = "simulated-client"
CLIENT_SECRET = hashlib.sha256(b"simulated bilibili client").hexdigest()[:32]
CLOCK_SLACK_S = 600
_REFUSALS = {
    "no_token": (-101, "账号未登录"),
    "token_expires_mid_run": (-101, "账号未登录"),
    "quota": (-429, "请求过于频繁"),
    "busy": (-500, "服务器错误"),
    "not_granted": (-403, "访问权限不足"),
    "signature": (-401, "签名错误"),
    "gone": (-404, "啥都木有"),
}


class BilibiliServer(PlatformServer):
    """Serves data/user/stat, data/arc/inc-stats, archive/viewlist and data/arc/stat."""

    platform = "bilibili"
    prefix = "/arcopen/fn/"

    def identity(self, account: Account) -> dict[str, str]:
        """Return the application's id and secret."""
        del account
        return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def token_of(self, request: Request) -> str:
        """Return the token of the header."""
        return request.headers.get("access-token", "")

    def refusal(self, kind: str) -> Reply:
        """Return an error in HTTP 200."""
        code, text = _REFUSALS[kind]
        return json_reply({"code": code, "message": text, "ttl": 1})

    def answer(self, request: Request) -> Reply:
        """Answer a call whose signature holds."""
        given = {k: v for k, v in request.headers.items() if k.startswith("x-bili-")}
        expected = bilibili_signature(given, CLIENT_SECRET)
        stamp = given.get("x-bili-timestamp", "")
        asked_at = datetime.fromtimestamp(int(stamp) if stamp.isdecimal() else 0, UTC)
        is_fresh = abs((self.now - asked_at).total_seconds()) < CLOCK_SLACK_S
        if request.headers.get("authorization") != expected or not is_fresh:
            return self.refusal("signature")
        return super().answer(request)

    def body(self, endpoint: str, request: Request, statistics: AccountStatistics) -> object:
        """Return what the endpoint tells of the account."""
        data: object = None
        if endpoint == "data/user/stat":
            total = self.follower_total(statistics)
            count = len(self.published(statistics))
            data = {"following": 7, "follower": total, "arc_passed_total": count}
        elif endpoint == "data/arc/inc-stats":
            data = self._increments(statistics)
        elif endpoint == "archive/viewlist":
            data = self._page(request, statistics)
        elif endpoint == "data/arc/stat":
            wanted = request.query.get("resource_id", "")
            found = [one for one in self.published(statistics) if video_id(one) == wanted]
            if not found:
                code, text = _REFUSALS["gone"]
                return {"code": code, "message": text, "ttl": 1}
            data = _stat(self.counts(statistics, found[0]))
        return None if data is None else {"code": 0, "message": "0", "ttl": 1, "data": data}

    def _increments(self, statistics: AccountStatistics) -> object:
        days = [self.today - timedelta(days=back) for back in range(1, 31)]
        found = [statistics.account_reading(day, self.today) for day in days]
        total = sum((one for one in found if one), Reading())
        return {
            "inc_click": total.reads,
            "inc_dm": 0,
            "icn_reply": total.comments,
            "inc_fav": total.collections,
            "inc_coin": total.recommends,
            "inc_share": total.shares,
            "inc_like": total.likes,
        }

    def _page(self, request: Request, statistics: AccountStatistics) -> object:
        size = min(max(number(request, "ps", 20), 1), 20)
        page = max(number(request, "pn", 1), 1)
        found = self.published(statistics)
        return {
            "page": {"pn": page, "ps": size, "total": len(found)},
            "list": [_listed(one) for one in found[(page - 1) * size : page * size]],
        }


def video_id(article: Article) -> str:
    """Return a video's id in the shape of Bilibili's."""
    return f"BV1{hashlib.sha256(article.content_id.encode()).hexdigest()[:9]}"


def _listed(article: Article) -> object:
    stamp = int(article.published_at.timestamp())
    share_url = f"https://bilibili.example.invalid/{video_id(article)}"
    return {
        "resource_id": video_id(article),
        "title": article.title,
        "ctime": stamp,
        "ptime": stamp,
        "video_info": {"share_url": share_url},
    }


def _stat(counts: Reading) -> object:
    return {
        "view": counts.reads,
        "danmaku": 0,
        "reply": counts.comments,
        "favorite": counts.collections,
        "coin": counts.recommends,
        "share": counts.shares,
        "like": counts.likes,
    }
