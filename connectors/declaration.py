"""How an inbound source is declared: what it gives, under which limits, and how it says no.

One YAML file a source, read by ``declaration_file``. WeChat, the other platforms and an office's own
interface share this vocabulary; code stands beside a declaration only where words do not suffice.
An unknown key is refused, so a slip of the pen never becomes a silent default.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PositiveInt
from pydantic.dataclasses import dataclass

from connectors.outcome import FetchStatus

NextStep = Literal["go_on", "retry", "renew_token", "stop_endpoint", "stop_account"]
Scalar = str | int | bool

Asks = Literal[
    "days",  # a window of days: begin and end are parameters
    "recent_days",  # the last so many days, of the lengths the platform offers; no first day
    "now",  # the figures of this moment: a missed day is lost
    "list",  # items in pages, newest first
    "items",  # the figures of items that a list of the same run brought
]
TimeFormat = Literal["unix_s", "unix_ms", "iso", "weibo"]

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_STRICT)
class Metric:
    """A figure of a row: our name for it, what kind of figure, and how it becomes our unit.

    ``factor`` turns the source's unit into ours, for example 0.01 for percent to a share.
    """

    metric: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    semantics: Literal["daily_total", "end_of_day_snapshot", "snapshot"] = "daily_total"
    unit: str = ""
    factor: float = Field(default=1.0, gt=0, allow_inf_nan=False)


@dataclass(frozen=True, config=_STRICT)
class Paging:
    """How a long answer is cut, where it says that it goes on, and the page after which we stop."""

    by: Literal["offset", "page", "cursor"]
    size: PositiveInt
    most_pages: Annotated[int, Field(ge=1, le=1000)]
    first: int = 0
    total_path: str | None = None
    more_path: str | None = None
    next_path: str | None = None
    next_from_last: str | None = None


@dataclass(frozen=True, config=_STRICT)
class ItemsOf:
    """Which list brings the items to ask about, where their ids stand, and how many at a time."""

    endpoint: str
    id_path: str
    batch_size: PositiveInt = 1
    most_items: int = Field(default=200, ge=1, le=2000)


@dataclass(frozen=True, config=_STRICT)
class Endpoint:
    """One endpoint's limits and the shape of its rows; the fields are explained in ``wechat.yml``."""

    name: str
    path: str
    rows_path: str = ""
    method: Literal["GET", "POST"] = "GET"
    asks: Asks = "days"
    parameters: Mapping[str, Scalar] = Field(default_factory=dict[str, Scalar])
    max_span_days: PositiveInt = 1
    look_back_days: PositiveInt = 1
    first_days: PositiveInt = 1
    reach_days: PositiveInt = 1
    recent_lengths: tuple[PositiveInt, ...] = ()
    data_since: date = date(2009, 1, 1)
    daily_quota: PositiveInt | None = None
    quota_reserve: int = Field(default=0, ge=0)
    required: tuple[str, ...] = ()
    metrics: Mapping[str, str | Metric] = Field(default_factory=dict[str, str | Metric])
    day_key: str | None = None
    time_key: str | None = None
    time_format: TimeFormat = "unix_s"
    late_path: str | None = None
    paging: Paging | None = None
    items: ItemsOf | None = None
    names_no_item: bool = False
    personal_keys: tuple[str, ...] = ()
    asked_by_default: bool = True
    ready_hour: int = Field(default=8, ge=0, le=23)
    empty_is_final_hour: int = Field(default=12, ge=0, le=23)

    @property
    def call_limit(self) -> int | None:
        """Calls one account may spend on this endpoint in a day; the reserve is left to people."""
        return None if self.daily_quota is None else self.daily_quota - self.quota_reserve

    @property
    def is_live(self) -> bool:
        """Whether it answers for this moment, not for days computed overnight."""
        return self.asks in ("now", "list", "items")


@dataclass(frozen=True, config=_STRICT)
class PlatformError:
    """How one error code is taken: the outcome's status, what follows, and the operator's words."""

    status: FetchStatus
    next_step: NextStep
    meaning: str


@dataclass(frozen=True, config=_STRICT)
class Envelope:
    """Where an answer carries its code and its words; the first code that is not one of *ok* counts.

    With ``is_code_required`` an answer without any code is no answer.
    """

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    ok: tuple[str, ...] = ("0",)
    is_code_required: bool = False


@dataclass(frozen=True, config=_STRICT)
class Token:
    """How a token is had: ``token_path`` in the answer to *parameters* sent to *path*.

    An account that holds an ``access_token`` starts with it and asks only when it is refused.
    ``renews`` names the secrets that the answer replaces and where each new one stands: the old
    ones may be worthless from that moment, so they are handed on to be kept at once.
    """

    path: str
    token_path: str
    parameters: Mapping[str, Scalar]
    method: Literal["GET", "POST"] = "POST"
    sent_as: Literal["json", "form"] = "json"
    renews: Mapping[str, str] = Field(default_factory=dict[str, str])


@dataclass(frozen=True, config=_STRICT)
class Auth:
    """Where the token goes with every call."""

    place: Literal["query", "header"]
    name: str
    prefix: str = ""


@dataclass(frozen=True, config=_STRICT)
class Coverage:
    """How often new figures come, and from which hour (Asia/Shanghai) those of the day before."""

    frequency: Literal["daily"] = "daily"
    ready_hour: int = Field(default=8, ge=0, le=23)
    zone: Literal["Asia/Shanghai"] = "Asia/Shanghai"


@dataclass(frozen=True, config=_STRICT)
class Expectation:
    """What one night should bring; less is a fault, more is for somebody to look at.

    ``least_accounts`` is a share of the accounts asked; rows are counted per account asked.
    """

    least_accounts: float | None = Field(default=None, ge=0, le=1)
    least_rows: float | None = Field(default=None, ge=0)
    most_rows: float | None = Field(default=None, gt=0, allow_inf_nan=False)


@dataclass(frozen=True, config=_STRICT)
class Declaration:
    """One source.

    Attributes:
        title: what it is called where it is shown.
        publisher: who answers for the figures.
        url: the page where a reviewer can check this declaration.
        source: the name its rows carry; ``_api`` at its end ranks it above files and hand entries.
        platform: which accounts of the register it speaks for.
        base_url: where it is reached, without the path.
        legal: terms of use an operator has to know before configuring it.
        unverified: what nobody has yet seen on the real platform; shown as 待核实.
        identifiers: what names an account on the platform; no secret.
        credentials: the secrets an account needs.
        optional_credentials: secrets it may have beside, for example to renew a token.
        is_expected: accounts without credentials are reported even before the first one has them.
        expected_per_night: checked after each night.
        accounts_at_once: how many accounts are asked side by side.
        pause_s: rest between two calls of one account, seconds.
        signature: module of ``connectors.signatures`` that signs every call.
    """

    title: str
    publisher: str
    url: str
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*_api$")]
    platform: str
    base_url: str
    endpoints: Mapping[str, Endpoint]
    legal: str = ""
    unverified: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    optional_credentials: tuple[str, ...] = ()
    is_expected: bool = False
    accounts_at_once: int = Field(default=2, ge=1, le=16)
    pause_s: float = Field(default=0.0, ge=0, le=60)
    coverage: Coverage = Field(default_factory=Coverage)
    expected_per_night: Expectation | None = None
    envelope: Envelope = Field(default_factory=Envelope)
    auth: Auth | None = None
    token: Token | None = None
    signature: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    errors: Mapping[str, PlatformError] = Field(default_factory=dict[str, PlatformError])

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Names of the account's values that must never be shown or kept."""
        return (*self.credentials, *self.optional_credentials)

    def error(self, code: str) -> PlatformError | None:
        """Return how *code* is taken: as declared, or by the longest declared prefix (``213*``)."""
        exact = self.errors.get(code)
        if exact is not None:
            return exact
        prefixes = [
            key
            for key in self.errors
            if key.endswith("*") and code.startswith(key.removesuffix("*"))
        ]
        return self.errors[max(prefixes, key=len)] if prefixes else None
