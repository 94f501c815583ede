"""A fake Weibo: an account about itself, errors with HTTP 400, dates as only Weibo writes them."""

from __future__ import annotations

from connectors.simulation.loopback import Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.platform_server import BEIJING, PlatformServer, json_reply, number
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics

MOST_A_PAGE = 100
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_REFUSALS = {
    "no_token": (403, 21332, "access_token is invalid!"),
    "token_expires_mid_run": (403, 21327, "expired_token"),
    "quota": (403, 10023, "User requests out of rate limit!"),
    "busy": (503, 10009, "Too many pending tasks, system is busy!"),
    "not_granted": (403, 10014, "Insufficient app permissions!"),
    "other_user": (400, 21335, "request uid's value must be the current user"),
}


class WeiboServer(PlatformServer):
    """Serves users/counts, users/show, statuses/user_timeline and statuses/count."""

    platform = "weibo"
    prefix = "/2/"

    def identity(self, account: Account) -> dict[str, str]:
        """Return the account's uid."""
        return {"uid": account.platform_account_id}

    def token_of(self, request: Request) -> str:
        """Return the token of the address."""
        return request.query.get("access_token", "")

    def refusal(self, kind: str) -> Reply:
        """Return an error with the status Weibo gives it."""
        status, code, text = _REFUSALS[kind]
        return json_reply({"request": "/2/", "error_code": code, "error": text}, status)

    def answer(self, request: Request) -> Reply:
        """Answer; an account may ask about itself alone."""
        reply = super().answer(request)
        uid = request.query.get("uid", request.query.get("uids"))
        owner = next(
            (a for a in self.accounts.values() if self.token(a) == self.token_of(request)), None
        )
        if owner and uid is not None and uid != owner.platform_account_id:
            return self.refusal("other_user")
        return reply

    def body(self, endpoint: str, request: Request, statistics: AccountStatistics) -> object:
        """Return what the endpoint tells of the account."""
        user = {
            "id": int(statistics.account.platform_account_id),
            "followers_count": self.follower_total(statistics),
            "friends_count": 61,
            "statuses_count": len(self.published(statistics)),
        }
        if endpoint == "users/counts.json":
            return [user]
        if endpoint == "users/show.json":
            return {**user, "idstr": str(user["id"]), "verified_type": 1, "location": "云杉"}
        if endpoint == "statuses/user_timeline.json":
            return self._timeline(request, statistics)
        if endpoint == "statuses/count.json":
            wanted = set(request.query.get("ids", "").split(","))
            found = [one for one in self.published(statistics) if status_id(one) in wanted]
            return [self._count(statistics, one) for one in found]
        return None

    def _timeline(self, request: Request, statistics: AccountStatistics) -> object:
        size = min(number(request, "count", 20), MOST_A_PAGE)
        start = (max(number(request, "page", 1), 1) - 1) * size
        found = self.published(statistics)
        page = found[start : start + size]
        return {
            "statuses": [self._status(statistics, one) for one in page],
            "total_number": len(found),
        }

    def _status(self, statistics: AccountStatistics, article: Article) -> object:
        counts = self.counts(statistics, article)
        local = article.published_at.astimezone(BEIJING)
        created_at = (
            f"{_WEEKDAYS[local.weekday()]} {_MONTHS[local.month - 1]} {local.day:02d} "
            f"{local:%H:%M:%S} +0800 {local.year}"
        )
        return {
            "created_at": created_at,
            "id": int(status_id(article)),
            "idstr": status_id(article),
            "mid": status_id(article),
            "text": article.title,
            "geo": None,
            "reposts_count": counts.shares,
            "comments_count": counts.comments,
            "attitudes_count": counts.likes,
            "retweeted_status": {"text": "别人的话", "user": {"screen_name": "路人甲"}},
        }

    def _count(self, statistics: AccountStatistics, article: Article) -> object:
        counts = self.counts(statistics, article)
        return {
            "id": int(status_id(article)),
            "comments": counts.comments,
            "reposts": counts.shares,
            "attitudes": counts.likes,
        }


def status_id(article: Article) -> str:
    """Return a post's id: sixteen digits, as Weibo's."""
    return f"49{article.content_id.replace('_', '0'):0>14}"
