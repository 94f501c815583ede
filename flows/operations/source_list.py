"""Every source as an operator has to know it: on or off, for whom, under whose terms, how certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.declaration import Declaration
from flows.operations.marts import copy_register
from flows.operations.planning import SourceFacts, read_facts
from flows.settings import Settings
from playbooks.core.documents.text import visible

MOST_NAMED = 8


@dataclass(frozen=True)
class SourceDescription:
    """One source; the texts are its declaration's.

    Attributes:
        is_configured: whether any account of the register has what it needs.
        accounts: those accounts.
        unconfigured: accounts of the same platform without credentials.
        needs: names of what an account needs in the credentials file.
        endpoints: what a night asks.
        unverified: shown as 待核实.
    """

    source: str
    title: str
    publisher: str
    platform: str
    url: str
    is_configured: bool
    accounts: tuple[str, ...]
    unconfigured: tuple[str, ...]
    needs: tuple[str, ...]
    endpoints: tuple[str, ...]
    legal: str
    unverified: tuple[str, ...]


def describe_sources(
    settings: Settings, now: datetime
) -> tuple[list[SourceDescription], tuple[str, ...]]:
    """Return every source in the order of the night, and a sentence for each that cannot be asked.

    Accounts are those of the register as it is now.
    """
    copy_register(settings, now)
    facts, faults = read_facts(settings, now)
    return [_described(one, one.declaration) for one in facts], faults


def _described(facts: SourceFacts, declaration: Declaration) -> SourceDescription:
    return SourceDescription(
        source=declaration.source,
        title=declaration.title,
        publisher=declaration.publisher,
        platform=declaration.platform,
        url=declaration.url,
        is_configured=bool(facts.accounts),
        accounts=tuple(one.account_id for one in facts.accounts),
        unconfigured=facts.unconfigured,
        needs=(*declaration.identifiers, *declaration.credentials),
        endpoints=tuple(n for n, one in declaration.endpoints.items() if one.asked_by_default),
        legal=declaration.legal,
        unverified=declaration.unverified,
    )


def source_lines(described: Iterable[SourceDescription], faults: Sequence[str]) -> Iterator[str]:
    """Yield the list for a terminal; declared texts are an office's own and shown harmless."""
    for one in described:
        state = f"已配置 {len(one.accounts)} 个账号" if one.is_configured else "未启用"
        yield f"{one.source}  {visible(one.title)}  [{state}]"
        if one.accounts:
            yield f"    账号：{_named(one.accounts)}"
        if one.unconfigured:
            yield f"    未配置凭据：{_named(one.unconfigured)}"
        yield f"    发布方：{visible(one.publisher)}    说明：{visible(one.url)}"
        yield f"    凭据项：{'、'.join(one.needs)}    接口：{'、'.join(one.endpoints)}"
        if one.legal:
            yield f"    条款提示：{visible(one.legal)}"
        for what in one.unverified:
            yield f"    待核实：{visible(what)}"
    for fault in faults:
        yield f"不能采集：{visible(fault)}"


def _named(accounts: Sequence[str]) -> str:
    more = f" 等 {len(accounts)} 个" if len(accounts) > MOST_NAMED else ""
    return f"{'、'.join(accounts[:MOST_NAMED])}{more}"
