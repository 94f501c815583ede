"""How one account's token is had and renewed, as its declaration says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from connectors.asking import SourceAccount, as_text, filled
from connectors.declaration import Declaration, Token
from connectors.http import Request, RetryPolicy, exchange, repeated
from connectors.reading import Verdict, is_sendable, read_token


@dataclass(slots=True)
class TokenDesk:
    """One account's token during one run.

    Attributes:
        account: whose; its values are replaced by what the platform renews.
        token: good now, as far as known; empty before the first call.
        spent: secrets that were renewed in this run; they stay secrets.
    """

    client: httpx.Client
    declaration: Declaration
    account: SourceAccount
    retry: RetryPolicy
    token: str = field(default="", repr=False)
    spent: list[str] = field(default_factory=list[str], repr=False)
    has_forced_renewal: bool = False

    def ensure(self) -> Verdict | None:
        """Have a token ready; return the verdict that closes the account when there is none."""
        if self.token or self.declaration.auth is None:
            return None
        given = self.account.values.get("access_token", "")
        if not given:
            return self._request(is_forced=False)
        if not is_sendable(given):
            message = "凭据中的 access_token 含有不能使用的字符；请核对凭据文件"
            return Verdict("refused", "stop_account", message)
        self.token = given
        return None

    def renew(self) -> Verdict | None:
        """Get another token; force one only if the platform hands out the refused one again."""
        refused = self.token
        verdict = self._request(is_forced=False)
        is_forcible = self.declaration.token is not None and (
            "$is_forced" in self.declaration.token.parameters.values()
        )
        if verdict is not None or self.token != refused or not is_forcible:
            return verdict
        if self.has_forced_renewal:
            return None
        self.has_forced_renewal = True  # 20 a day, at least 30 s apart: once a run is plenty
        return self._request(is_forced=True)

    def _request(self, *, is_forced: bool) -> Verdict | None:
        """Store a token and return None, or return the verdict that closes the account."""
        how = self.declaration.token
        wanted = {
            value[1:]
            for value in (how.parameters.values() if how else ())
            if isinstance(value, str) and value.startswith("$") and value != "$is_forced"
        }
        if how is None or not wanted <= set(self.account.values):
            message = "访问令牌已失效且没有可用于换发的凭据；请重新授权后更新凭据"
            return Verdict("refused", "stop_account", message)
        request = _token_request(how, self.account, is_forced=is_forced)

        def attempt() -> tuple[dict[str, str], Verdict]:
            return read_token(self.declaration, exchange(self.client, request))

        secrets, verdict = repeated(
            attempt, lambda result: result[1].next_step == "retry", self.retry
        )
        self._take(secrets, how)
        if self.token:
            return None
        status = "refused" if verdict.next_step == "renew_token" else verdict.status
        message = f"取得 access_token 失败：{verdict.message}"
        return replace(verdict, status=status, message=message, next_step="stop_account")

    def _take(self, secrets: Mapping[str, str], how: Token) -> None:
        """Go on with *secrets*, and hand on at once what replaces the account's own."""
        self.token = secrets.get("access_token", "")
        renewed = {
            name: secret
            for name, secret in secrets.items()
            if name in how.renews and secret != self.account.values.get(name)
        }
        if not renewed:
            return
        self.spent += [self.account.values[name] for name in renewed if name in self.account.values]
        self.account = replace(self.account, values={**self.account.values, **renewed})
        if self.account.keeper is not None:
            self.account.keeper.keep(renewed)


def _token_request(how: Token, account: SourceAccount, *, is_forced: bool) -> Request:
    given = filled(how.parameters, {**account.values, "is_forced": is_forced})
    texts = {name: as_text(value) for name, value in given.items()}
    if how.method == "GET":
        return Request("GET", how.path, query=texts)
    if how.sent_as == "form":
        return Request("POST", how.path, form=texts)
    return Request("POST", how.path, json=given)
