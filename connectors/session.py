"""One run of one account: its token, its spent calls, and what is closed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from connectors.asking import Question, SourceAccount, request_for
from connectors.declaration import Declaration, Endpoint
from connectors.door import archive_text
from connectors.http import Reply, Request, RetryPolicy, exchange, redact, repeated
from connectors.outcome import Fetch, FetchOutcome, FetchStatus, Payload
from connectors.reading import Verdict, judge
from connectors.signatures import signed
from connectors.tokens import TokenDesk
from connectors.windows import Window

# A platform that fails this often in a row is down: the rest of the account waits for the next run.
MAX_FAILURES_IN_A_ROW = 3


@dataclass(slots=True)
class Session:
    """One account's run against one source."""

    client: httpx.Client
    declaration: Declaration
    account: SourceAccount
    clock: Callable[[], datetime]
    retry: RetryPolicy
    calls: dict[str, int]
    failures_in_a_row: int = 0
    account_closed: Verdict | None = None
    closed: dict[str, Verdict] = field(default_factory=dict[str, Verdict])
    last_verdict: Verdict = field(default_factory=lambda: Verdict("failed"))
    desk: TokenDesk = field(init=False)

    def __post_init__(self) -> None:
        """Open the token desk."""
        self.desk = TokenDesk(self.client, self.declaration, self.account, self.retry)

    def fetch(self, endpoint: Endpoint, question: Question) -> Fetch:
        """Ask once (with retries and one renewal of the token) and note what it closes."""
        asked_at = self.clock()
        reply = None
        verdict = self._barrier(endpoint) or self.desk.ensure()
        if verdict is None:
            reply, verdict = self._ask(endpoint, question)
            if verdict.next_step == "renew_token":
                reply, verdict = self._ask_with_new_token(endpoint, question, reply, verdict)
        self._note(endpoint, verdict, was_asked=reply is not None)
        self.last_verdict = verdict
        return self._fetch_value(endpoint, question, asked_at, verdict, reply)

    def unasked(
        self, endpoint: Endpoint, window: Window, message: str, status: FetchStatus = "failed"
    ) -> Fetch:
        """Return the outcome of what was not asked, and why."""
        verdict = Verdict(status, message=message)
        return self._fetch_value(endpoint, Question(window), self.clock(), verdict, None)

    def _secrets(self) -> tuple[str, ...]:
        held = self.desk.account.values
        given = [held.get(name, "") for name in self.declaration.secret_names]
        # Longest first, because one may be a part of another.
        return tuple(sorted((self.desk.token, *given, *self.desk.spent), key=len, reverse=True))

    def _barrier(self, endpoint: Endpoint) -> Verdict | None:
        """Return why this call must not be made, or None."""
        closing = self.account_closed or self.closed.get(endpoint.name)
        if closing is not None:
            return replace(closing, message=f"未请求：{closing.message}", rows=())
        limit = endpoint.call_limit
        if limit is not None and self.calls.get(endpoint.name, 0) >= limit:
            message = f"未请求：今日已调用 {limit} 次，其余配额留作人工查询"
            return Verdict("quota_exhausted", "go_on", message)
        return None

    def _ask(self, endpoint: Endpoint, question: Question) -> tuple[Reply, Verdict]:
        request = self._request(endpoint, question)

        def attempt() -> tuple[Reply, Verdict]:
            spent = self.calls.get(endpoint.name, 0)
            if self.declaration.pause_s and any(self.calls.values()):
                self.retry.sleep(self.declaration.pause_s)
            self.calls[endpoint.name] = spent + 1
            reply = exchange(
                self.client, signed(self.declaration, request, self.account, self.clock())
            )
            return reply, judge(self.declaration, endpoint, question.window, reply, self.clock())

        return repeated(attempt, lambda result: result[1].next_step == "retry", self.retry)

    def _request(self, endpoint: Endpoint, question: Question) -> Request:
        variables = {**self.account.values, "account_id": self.account.account_id}
        return request_for(
            endpoint,
            self.declaration.auth,
            self.desk.token,
            {**variables, **question.variables()},
        )

    def _ask_with_new_token(
        self, endpoint: Endpoint, question: Question, reply: Reply, verdict: Verdict
    ) -> tuple[Reply, Verdict]:
        """Renew the token and ask once more; a second refusal closes the account."""
        refusal = self.desk.renew()
        if refusal is not None:
            return reply, replace(refusal, platform_code=verdict.platform_code)
        reply, verdict = self._ask(endpoint, question)
        if verdict.next_step == "renew_token":
            verdict = replace(verdict, next_step="stop_account")
        return reply, verdict

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
        question: Question,
        asked_at: datetime,
        verdict: Verdict,
        reply: Reply | None,
    ) -> Fetch:
        secrets = self._secrets()
        finished_at = self.clock()
        window = question.window
        identity = (
            *(self.declaration.source, endpoint.name, self.account.account_id),
            *(window.begin_on, window.end_on),
        )
        body = archive_text(endpoint, question, reply, secrets)
        payload = None if body is None else Payload(*identity, finished_at, body)
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
