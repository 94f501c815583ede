"""Propagation indexes （传播指数） by published formulas, reckoned by ourselves; never part of a score.

WCI V14.2 in two variants, BCI in its simplified form, BVCI V2.0. They are Qingbo's (清博智能): what is
shown says 参照公式自行计算, and is no value of an official list. Sources and self-check values:
``docs/indexes.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

CAPPED_READS = 100_001  # stands for 「10万+」 where a platform shows no more
Weights = tuple[float, float, float, float]
WITH_SHARES: Weights = (0.70, 0.09, 0.06, 0.15)  # reads, recommends, likes, shares
WITHOUT_SHARES: Weights = (0.85, 0.09, 0.06, 0.0)


@dataclass(frozen=True)
class Reach:
    """Reads （阅读）, recommends （在看）, likes （点赞） and shares （转发） of some articles.

    ``shares`` is None for variant B of the WCI, which does without.
    """

    reads: float
    recommends: float
    likes: float
    shares: float | None = None

    def over(self, count: float) -> Reach:
        """Return the mean over *count* days or articles; nothing over nothing is zero."""
        if not count:
            return Reach(0, 0, 0, None if self.shares is None else 0)
        shares = None if self.shares is None else self.shares / count
        return Reach(self.reads / count, self.recommends / count, self.likes / count, shares)


@dataclass(frozen=True)
class WechatReach:
    """What the WCI is made of: all articles, the headlines among them, and the largest of each."""

    total: Reach
    headlines: Reach
    largest: Reach
    article_count: int
    day_count: int


def wci(reach: WechatReach) -> float:
    """Return the WCI V14.2: variant A where shares are known, else B.

    The whole counts 60 %, the mean article 20 %, headlines and the largest figures 10 % each.
    """
    weights = WITHOUT_SHARES if reach.total.shares is None else WITH_SHARES
    inner = (
        0.6 * _weighed(reach.total.over(reach.day_count), weights)
        + 0.2 * _weighed(reach.total.over(reach.article_count), weights)
        + 0.1 * _weighed(reach.headlines.over(reach.day_count), weights)
        + 0.1 * _weighed(reach.largest, weights)
    )
    return inner**2 * 1.2 * 10


def bci(post_count: float, reposts: float, comments: float, likes: float) -> float:
    """Return the simplified BCI of a Weibo account's posts in the period."""
    activity = log(post_count + 1)
    spread = 0.4 * log(reposts + 1) + 0.4 * log(comments + 1) + 0.2 * log(likes + 1)
    return (0.2 * activity + 0.8 * spread) * 160


@dataclass(frozen=True)
class VideoReach:
    """What the BVCI is made of; ``new_followers`` may be negative and then counts as none."""

    upload_count: float
    plays_a_day: float
    comments_a_day: float
    followers: float
    new_followers: float


def bvci(reach: VideoReach) -> float:
    """Return the BVCI V2.0 of a Bilibili account."""
    parts = (
        (0.15, reach.upload_count),
        (0.25, reach.plays_a_day),
        (0.30, reach.comments_a_day),
        (0.18, reach.followers),
        (0.12, reach.new_followers),
    )
    # A loss cannot be put into a logarithm; cutting it off is our reading of the formula.
    return 100 * sum(weight * log(max(value, 0) + 1) for weight, value in parts)


def _weighed(reach: Reach, weights: Weights) -> float:
    reads, recommends, likes, shares = weights
    return (
        reads * log(reach.reads + 1)
        + recommends * log(10 * reach.recommends + 1)
        + likes * log(10 * reach.likes + 1)
        + shares * log(10 * (reach.shares or 0) + 1)
    )
