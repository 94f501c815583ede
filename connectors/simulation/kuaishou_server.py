"""A fake Kuaishou as far as its documentation is remembered: ``result`` 1 means success."""

from __future__ import annotations

from connectors.simulation.loopback import Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.platform_server import PlatformServer, json_reply, number
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics

_REFUSALS = {
    "no_token": (100200100, "access token is invalid"),
    "token_expires_mid_run": (100200100, "access token is expired"),
    "quota": (100200429, "too many requests"),
    "busy": (100200500, "server error"),
    "not_granted": (100200106, "no permission"),
}


class KuaishouServer(PlatformServer):
    """Serves user_info, photo/count and photo/list."""

    platform = "kuaishou"
    prefix = "/openapi/"
    refresh_path = "/oauth2/refresh_token"

    def identity(self, account: Account) -> dict[str, str]:
        """Return the application and what renews the token."""
        return {
            "app_id": "ks-simulated",
            "app_secret": "ks-simulated-secret",
            "refresh_token": self.refresh_token(account),
        }

    def token_of(self, request: Request) -> str:
        """Return the token of the address."""
        return request.query.get("access_token", "")

    def refusal(self, kind: str) -> Reply:
        """Return an error in HTTP 200."""
        code, text = _REFUSALS[kind]
        return json_reply({"result": code, "error_msg": text})

    def refreshed(self, request: Request) -> Reply:
        """Return the token that is good now and another refresh token, in place of the one given."""
        account = self.holder_of_refresh_token(request.query.get("refresh_token", ""))
        if account is None:
            return self.refusal("no_token")
        self.rotate(account)
        tokens = {"access_token": self.token(account), "refresh_token": self.refresh_token(account)}
        return json_reply({"result": 1, **tokens})

    def body(self, endpoint: str, request: Request, statistics: AccountStatistics) -> object:
        """Return what the endpoint tells of the account."""
        found = self.published(statistics)
        if endpoint == "user_info":
            fan = self.follower_total(statistics)
            told = {"name": statistics.account.name, "fan": fan, "follow": 3, "sex": "F"}
            return {"result": 1, "user_info": {**told, "city": "云杉"}}
        if endpoint == "photo/count":
            count = len(found)
            return {"result": 1, "all_count": count, "public_count": count, "private_count": 0}
        if endpoint == "photo/list":
            ids = [one.content_id for one in found]
            cursor = request.query.get("cursor", "")
            start = ids.index(cursor) + 1 if cursor in ids else 0
            size = min(number(request, "count", 20), 200)
            page = found[start : start + size]
            return {"result": 1, "video_list": [self._photo(statistics, one) for one in page]}
        return None

    def _photo(self, statistics: AccountStatistics, article: Article) -> object:
        counts = self.counts(statistics, article)
        return {
            "photo_id": article.content_id,
            "caption": article.title,
            "create_time": int(article.published_at.timestamp() * 1000),
            "view_count": counts.reads,
            "like_count": counts.likes,
            "comment_count": counts.comments,
            "pending": False,
        }
