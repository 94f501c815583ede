"""The sentences of a packet: strict templates under ``texts/`` filled from figures, never from markup.

A template yields paragraphs parted by blank lines. Outside text enters as a value, on one line, and is
never read as a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from playbooks.core.documents import Paragraph, visible
from playbooks.core.documents.text import PARAGRAPH_LIMIT
from playbooks.statistics.figures import AccountFigures
from playbooks.statistics.labels import register_label
from playbooks.statistics.numbers import Share, chinese_day, number, percent

PENDING = "待填写"
NAMES_IN_SENTENCE = 30
NAME_LIMIT = 60


@dataclass(frozen=True)
class AnalysisText:
    """What people write into a packet (Article 32: 认真分析); None prints as 待填写 or 未取得.

    Attributes:
        offline_activities: 线下活动开展情况.
        public_response: 社会反响.
        netizen_comments: 网民评论.
        public_opinion: 舆情收集.
        rectification: 问题整改.
        next_steps: 下一步安排.
        publishing: 原创、转载、解读、重大信息转载, which no platform counts.
        author: who wrote it.
        carried: field -> what the packet of the period before said there, where this one is empty.
    """

    offline_activities: str | None = None
    public_response: str | None = None
    netizen_comments: str | None = None
    public_opinion: str | None = None
    rectification: str | None = None
    next_steps: str | None = None
    publishing: str | None = None
    author: str | None = None
    carried: Mapping[str, str] = field(default_factory=dict[str, str])

    def one_line(self) -> AnalysisText:
        """Return the same with every text on one line, so that none breaks out of its paragraph."""
        texts = {name: text for name, text in vars(self).items() if name != "carried"}
        return AnalysisText(
            **{name: _one_line(text) if text else None for name, text in texts.items()},
            carried={name: _one_line(text) for name, text in self.carried.items()},
        )

    def pending(self, name: str) -> str:
        """Return 待填写, with what was written there last time, said to be of last time."""
        last = self.carried.get(name)
        return f"{PENDING}（上期所写供修改，不是本期结论：{last}）" if last else PENDING


def _one_line(text: str) -> str:
    return visible(text, PARAGRAPH_LIMIT // 2)


@dataclass(frozen=True)
class Said:
    """A paragraph and the template that wrote it, so that each sentence can be followed back."""

    template: str
    paragraph: Paragraph

    @property
    def sentences(self) -> list[str]:
        """The sentences, each with its full stop."""
        return [f"{each}。" for each in self.paragraph.text.split("。") if each.strip()]


def paragraphs(template: str, facts: Mapping[str, object]) -> list[Said]:
    """Return the paragraphs of ``texts/<template>.j2``.

    Raises:
        jinja2.UndefinedError: the template asks for a fact that is not there.
    """
    text = _environment().get_template(f"{template}.j2").render(**facts)
    return [Said(template, Paragraph(part.strip())) for part in text.split("\n\n") if part.strip()]


def comparison_sentence(previous: Share, year_before: Share) -> str:
    """Return 环比…，同比…, each with its base, or that it was not obtained."""
    return f"{_change('环比', previous)}，{_change('同比', year_before)}。"


def account_names(accounts: Sequence[AccountFigures]) -> str:
    """Return 「账号」（平台） for each, at most NAMES_IN_SENTENCE of them."""
    shown = [account_name(account) for account in accounts[:NAMES_IN_SENTENCE]]
    rest = len(accounts) - len(shown)
    return "、".join(shown) + (f"等{len(accounts)}个" if rest else "")


def account_name(account: AccountFigures) -> str:
    """Return 「账号」（平台）."""
    name = visible(account.name, NAME_LIMIT)
    return f"「{name}」（{register_label('platform', account.platform)}）"


def _change(word: str, share: Share) -> str:
    if share.ratio is None:
        return f"{word}未取得"
    direction = "增长" if share.ratio > 0 else "下降" if share.ratio < 0 else "持平，为"
    base = f"以{share.account_count}个可比账号的{number(share.base)}为基数"
    return f"{word}{direction}{percent(abs(share.ratio))}（{base}）"


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701  # plain text; every renderer escapes for its format
        loader=FileSystemLoader(Path(__file__).parent / "texts"), undefined=StrictUndefined
    )
    environment.filters.update(
        number=number, percent=percent, day=chinese_day, accounts=account_names
    )
    return environment
