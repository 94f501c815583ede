"""The list of published articles (freepublish/batchget), newest publication first, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics
from connectors.simulation.wechat_protocol import Body, WechatRefusalError

MOST_ITEMS = 20


def published_page(
    statistics: AccountStatistics, asked: Mapping[str, object], now: datetime
) -> Body:
    """Return one page; ``total_count`` counts publications, each of one to three articles.

    Raises:
        WechatRefusalError: 40097 for an offset or a count the platform does not take.
    """
    offset, count = asked.get("offset"), asked.get("count")
    if not isinstance(offset, int) or not isinstance(count, int):
        raise WechatRefusalError(40097, "invalid args")
    if offset < 0 or not 1 <= count <= MOST_ITEMS:
        raise WechatRefusalError(40097, "invalid args")
    published = [article for article in statistics.articles if article.published_at <= now]
    publications = [list(group) for _, group in groupby(published, key=_message_id)]
    page = publications[::-1][offset : offset + count]
    return {
        "total_count": len(publications),
        "item_count": len(page),
        "item": [_item(articles) for articles in page],
    }


def _message_id(article: Article) -> str:
    return article.content_id.split("_")[0]


def _item(articles: list[Article]) -> Body:
    published_at = int(articles[0].published_at.timestamp())
    return {
        "article_id": f"a-{_message_id(articles[0])}",
        "content": {
            "news_item": [
                {
                    "title": article.title,
                    "author": "",
                    "digest": "",
                    "content_source_url": "",
                    "url": article.url,
                    "is_deleted": False,
                }
                for article in articles
            ],
            "create_time": published_at,
            "update_time": published_at,
        },
        "update_time": published_at,
    }
