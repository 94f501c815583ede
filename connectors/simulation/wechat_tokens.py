"""Access tokens of the fake WeChat platform: issued, shared, renewed early, forced, expired.

Rules from the public documentation of getStableAccessToken and getAccessToken (platforms.md, 1.2).
Time is the server's simulated instant, so a test moves it instead of waiting.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

RENEWED_EARLY = timedelta(minutes=5)
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)


@dataclass(slots=True)
class Token:
    """One issued token."""

    text: str
    appid: str
    expires_at: datetime
    calls_left: int | None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class TokenRefusal:
    """Why no token was given or a token was not accepted."""

    errcode: int
    errmsg: str


class TokenDesk:
    """Issues and checks the tokens of every account of one server."""

    def __init__(self, life_s: int, life_calls: int | None) -> None:
        """Tokens live *life_s* seconds of simulated time, or *life_calls* calls if fewer."""
        self._life = timedelta(seconds=life_s)
        self._life_calls = life_calls
        self._lock = Lock()
        self._tokens: dict[str, Token] = {}
        self._current: dict[tuple[str, str], Token] = {}
        self._forced_at: dict[str, list[datetime]] = {}

    def issue_stable(self, appid: str, now: datetime, *, is_forced: bool) -> Token | TokenRefusal:
        """Answer ``stable_token``: the same token while it lives, another when forced."""
        with self._lock:
            current = self._living("stable", appid, now)
            if is_forced:
                return self._force(appid, now, current)
            if current is not None and current.expires_at - now > min(
                RENEWED_EARLY, self._life / 2
            ):
                return current
            return self._issue("stable", appid, now)

    def issue_plain(self, appid: str, now: datetime) -> Token:
        """Answer the older ``token``: always another; the one before lives five minutes more."""
        with self._lock:
            current = self._living("plain", appid, now)
            if current is not None:
                current.expires_at = min(current.expires_at, now + RENEWED_EARLY)
            return self._issue("plain", appid, now)

    def spend(self, text: str, now: datetime) -> str | TokenRefusal:
        """Return the appid a token belongs to and count one call, or say why not."""
        with self._lock:
            token = self._tokens.get(text)
            if not text:
                return TokenRefusal(41001, "access_token missing")
            if token is None or token.is_revoked:
                return TokenRefusal(
                    40001, "invalid credential, access_token is invalid or not latest"
                )
            if now >= token.expires_at or token.calls_left == 0:
                token.calls_left = 0
                return TokenRefusal(42001, "access_token expired")
            if token.calls_left is not None:
                token.calls_left -= 1
            return token.appid

    def owner(self, text: str) -> str | None:
        """Return the appid a token was issued to, whatever became of it; for the log."""
        token = self._tokens.get(text)
        return token.appid if token else None

    def expire(self, text: str) -> None:
        """Let a token end at once, as if its time were over."""
        with self._lock:
            self._tokens[text].calls_left = 0

    def _force(self, appid: str, now: datetime, current: Token | None) -> Token | TokenRefusal:
        forced = [at for at in self._forced_at.get(appid, []) if _day(at) == _day(now)]
        if len(forced) >= FORCED_A_DAY:
            return TokenRefusal(45009, "reach max api daily quota limit")
        # Documented: asked again within thirty seconds, the platform does not refresh.
        if current is not None and forced and now - forced[-1] < FORCED_APART:
            return current
        self._forced_at[appid] = [*forced, now]
        if current is not None:
            current.is_revoked = True
        return self._issue("stable", appid, now)

    def _living(self, kind: str, appid: str, now: datetime) -> Token | None:
        token = self._current.get((kind, appid))
        if token is None or token.is_revoked or token.calls_left == 0 or now >= token.expires_at:
            return None
        return token

    def _issue(self, kind: str, appid: str, now: datetime) -> Token:
        seed = f"{kind}/{appid}/{len(self._tokens)}".encode()
        # As long as the documentation asks to make room for: 512 characters.
        text = f"{len(self._tokens) + 1}_" + hashlib.shake_256(seed).hexdigest(254)
        token = Token(text, appid, now + self._life, self._life_calls)
        self._tokens[text] = self._current[kind, appid] = token
        return token


def _day(instant: datetime) -> date:
    return instant.date()
