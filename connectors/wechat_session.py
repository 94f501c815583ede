"""One run of one WeChat official account: its token, its spent calls, and what is closed to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from connectors.http import Reply, RetryPolicy, redact, repeated, send, without_secrets
from connectors.outcome import Fetch, FetchOutcome, Payload
from connectors.wechat_endpoints import Endpoint, Window
from connectors.wechat_reply import Verdict, body_text, judge, read_token

SOURCE = "wechat_api"
TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 - a path, not a secret
# A platform that fails this often in a row is down: the rest of the account waits for the next run.
MAX_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class WechatAccount:
    """One official account and its credentials, given as values; the secret is never printed."""

    account_id: str
    appid: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class WechatSession:
    """One account's run: its token, the calls it spent, and the endpoints closed meanwhile."""

    client: httpx.Client
    account: WechatAccount
    clock: Callable[[], datetime]
    retry: RetryPolicy
    calls: dict[str, int]
    token: str = field(default="", repr=False)
    has_forced_renewal: bool = False
    failures_in_a_row: int = 0
    account_closed: Verdict | None = None
    closed: dict[str, Verdict] = field(default_factory=dict[str, Verdict])
    last_verdict: Verdict = field(default_factory=lambda: Verdict("failed"))

    def fetch(self, endpoint: Endpoint, window: Window, asked: Mapping[str, object]) -> Fetch:
        """Ask once (with retries and one renewal of the token) and note what it closes."""
        asked_at = self.clock()
        reply = None
        verdict = self._barrier(endpoint) or self._ensure_token()
        if verdict is None:
            reply, verdict = self._ask(endpoint, window, asked)
            if verdict.next_step == "renew_token":
                reply, verdict = self._ask_with_new_token(endpoint, window, asked, reply, verdict)
        self._note(endpoint, verdict, was_asked=reply is not None)
        self.last_verdict = verdict
        return self._fetch_value(endpoint, window, asked_at, verdict, reply)

    def _barrier(self, endpoint: Endpoint) -> Verdict | None:
        """Return why this call must not be made, or None."""
        closing = self.account_closed or self.closed.get(endpoint.name)
        if closing is not None:
            return replace(closing, message=f"未请求：{closing.message}", rows=())
        if self.calls.get(endpoint.name, 0) >= endpoint.call_limit:
            message = f"未请求：今日已调用 {endpoint.call_limit} 次，其余配额留作人工查询"
            return Verdict("quota_exhausted", "go_on", message)
        return None

    def _ask(
        self, endpoint: Endpoint, window: Window, asked: Mapping[str, object]
    ) -> tuple[Reply, Verdict]:
        def attempt() -> tuple[Reply, Verdict]:
            self.calls[endpoint.name] = self.calls.get(endpoint.name, 0) + 1
            query = {"access_token": self.token}
            reply = send(self.client, endpoint.path, json=asked, query=query)
            return reply, judge(endpoint, window, reply, self.clock())

        return repeated(attempt, lambda result: result[1].next_step == "retry", self.retry)

    def _ask_with_new_token(
        self,
        endpoint: Endpoint,
        window: Window,
        asked: Mapping[str, object],
        reply: Reply,
        verdict: Verdict,
    ) -> tuple[Reply, Verdict]:
        """Renew the token and ask once more; a second refusal closes the account."""
        refusal = self._renew_token()
        if refusal is not None:
            return reply, replace(refusal, platform_code=verdict.platform_code)
        reply, verdict = self._ask(endpoint, window, asked)
        if verdict.next_step == "renew_token":
            verdict = replace(verdict, next_step="stop_account")
        return reply, verdict

    def _ensure_token(self) -> Verdict | None:
        return None if self.token else self._request_token(is_forced=False)

    def _renew_token(self) -> Verdict | None:
        """Get another token; force one only if the platform hands out the refused one again."""
        refused = self.token
        verdict = self._request_token(is_forced=False)
        if verdict is not None or self.token != refused or self.has_forced_renewal:
            return verdict
        self.has_forced_renewal = True  # 20 a day, at least 30 s apart: once a run is plenty
        return self._request_token(is_forced=True)

    def _request_token(self, *, is_forced: bool) -> Verdict | None:
        """Store a token and return None, or return the verdict that closes the account."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.account.appid,
            "secret": self.account.secret,
            "force_refresh": is_forced,
        }

        def attempt() -> tuple[str, Verdict]:
            return read_token(send(self.client, TOKEN_PATH, json=asked))

        self.token, verdict = repeated(
            attempt, lambda result: result[1].next_step == "retry", self.retry
        )
        if self.token:
            return None
        status = "refused" if verdict.next_step == "renew_token" else verdict.status
        message = f"取得 access_token 失败：{verdict.message}"
        return replace(verdict, status=status, message=message, next_step="stop_account")

    def _note(self, endpoint: Endpoint, verdict: Verdict, *, was_asked: bool) -> None:
        if verdict.next_step == "stop_account":
            self.account_closed = self.account_closed or verdict
        elif verdict.next_step == "stop_endpoint":
            self.closed.setdefault(endpoint.name, verdict)
        if not was_asked:
            return
        is_down = verdict.status == "failed" and verdict.next_step == "retry"
        self.failures_in_a_row = self.failures_in_a_row + 1 if is_down else 0
        if self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW:
            message = (
                f"平台连续 {MAX_FAILURES_IN_A_ROW} 次无法访问，本轮不再请求（{verdict.message}）"
            )
            self.account_closed = replace(verdict, message=message)

    def _fetch_value(
        self,
        endpoint: Endpoint,
        window: Window,
        asked_at: datetime,
        verdict: Verdict,
        reply: Reply | None,
    ) -> Fetch:
        secrets = (self.token, self.account.secret)
        finished_at = self.clock()
        identity = (SOURCE, endpoint.name, self.account.account_id, window.begin_on, window.end_on)
        payload = None
        if reply is not None and reply.body:
            payload = Payload(
                *identity, finished_at, without_secrets(body_text(reply.body), secrets)
            )
        outcome = FetchOutcome(
            *identity,
            asked_at,
            finished_at,
            verdict.status,
            http_status=reply.http_status if reply else None,
            platform_code=verdict.platform_code,
            row_count=len(verdict.rows) if verdict.status == "value" else None,
            payload_sha256=payload.payload_sha256 if payload else None,
            message=redact(verdict.message, secrets) if verdict.message else None,
        )
        return Fetch(outcome, payload)
