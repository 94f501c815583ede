"""A fake Douyin: six daily statistics over 7, 15 or 30 days, the video list, and token renewal."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs

from connectors.simulation.loopback import Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.platform_server import BEIJING, PlatformServer, json_reply, number
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics

READY_HOUR = 10
LENGTHS = (7, 15, 30)
_REFUSALS = {
    "no_token": (28001003, "access_token 无效"),
    "token_expires_mid_run": (28001008, "access_token 过期"),
    "quota": (28003017, "quota 已用完"),
    "busy": (28001005, "系统内部错误，请重试"),
    "not_granted": (28001014, "应用未获得该能力"),
    "parameter": (28001007, "参数不合法"),
}
_KINDS = ("item", "fans", "like", "comment", "share", "profile")


class DouyinServer(PlatformServer):
    """Serves data/external/user/* and video_list; numbers and codes are text, as in the older docs."""

    platform = "douyin"
    refresh_path = "/oauth/refresh_token/"

    def identity(self, account: Account) -> dict[str, str]:
        """Return the open id and what renews the token."""
        key = account.platform_account_id
        return {
            "open_id": f"_000{key}",
            "client_key": "aw-simulated-key",
            "refresh_token": self.refresh_token(account),
        }

    def token_of(self, request: Request) -> str:
        """Return the token of the header."""
        return request.headers.get("access-token", "")

    def refusal(self, kind: str) -> Reply:
        """Return an error in HTTP 200, told twice."""
        code, text = _REFUSALS[kind]
        return json_reply(_enveloped({}, code, text))

    def refreshed(self, request: Request) -> Reply:
        """Return the token that is good now; the refresh token stays as it was."""
        form = parse_qs(request.body.decode("utf-8", "replace"))
        account = self.holder_of_refresh_token((form.get("refresh_token") or [""])[0])
        if account is None:
            told = {"error_code": 10010, "description": "refresh_token expired"}
            return json_reply({"data": told})
        tokens = {"access_token": self.token(account), "refresh_token": self.refresh_token(account)}
        data = {**tokens, "error_code": "0", "expires_in": 86400}
        return json_reply({"data": data, "message": "success"})

    def body(self, endpoint: str, request: Request, statistics: AccountStatistics) -> object:
        """Return what the endpoint tells of the account."""
        if endpoint == "api/douyin/v1/video/video_list":
            return self._videos(request, statistics)
        kind = endpoint.removeprefix("data/external/user/")
        if kind not in _KINDS:
            return None
        length = number(request, "date_type", 0)
        if length not in LENGTHS:
            code, text = _REFUSALS["parameter"]
            return _enveloped({}, code, text)
        ready = self.now.astimezone(BEIJING).hour >= READY_HOUR
        newest = self.today - timedelta(days=1 if ready else 2)
        if self.faults.strikes("delay", endpoint, statistics.account.account_id):
            return _enveloped({"result_list": []})
        days = [newest - timedelta(days=back) for back in range(length)][::-1]
        rows = [self._row(kind, statistics, day) for day in days if statistics.has(day)]
        return _enveloped({"result_list": rows})

    def _row(self, kind: str, statistics: AccountStatistics, day: date) -> dict[str, str]:
        followers = statistics.followers(day, self.today)
        reading = statistics.account_reading(day, self.today)
        assert followers is not None
        assert reading is not None
        before = [one for one in statistics.articles if one.published_on <= day]
        figures = {
            "item": {
                "new_issue": len(statistics.published_on(day)),
                "new_play": reading.reads,
                "total_issue": len(before),
            },
            "fans": {"new_fans": followers.new, "total_fans": followers.total},
            "like": {"new_like": reading.likes},
            "comment": {"new_comment": reading.comments},
            "share": {"new_share": reading.shares},
            "profile": {"profile_uv": followers.message_senders},
        }[kind]
        return {"date": day.isoformat(), **{name: str(count) for name, count in figures.items()}}

    def _videos(self, request: Request, statistics: AccountStatistics) -> object:
        start, size = number(request, "cursor", 0), min(number(request, "count", 10), 20)
        found = self.published(statistics)
        page = found[start : start + size]
        following = start + len(page)
        return _enveloped(
            {
                "list": [self._video(statistics, one) for one in page],
                "cursor": following,
                "has_more": following < len(found),
            }
        )

    def _video(self, statistics: AccountStatistics, article: Article) -> object:
        counts = self.counts(statistics, article)
        return {
            "item_id": f"@8hxdhauTCMpp/+{article.content_id}==",
            "title": article.title,
            "create_time": int(article.published_at.timestamp()),
            "is_top": False,
            "statistics": {
                "play_count": counts.reads,
                "digg_count": counts.likes,
                "comment_count": counts.comments,
                "share_count": counts.shares,
                "forward_count": 0,
                "download_count": counts.collections,
            },
        }


def _enveloped(data: dict[str, object], code: int = 0, text: str = "") -> object:
    told = {"error_code": str(code), "description": text}
    return {"data": {**data, **told}, "extra": {**told, "logid": "simulated", "now": 0}}
