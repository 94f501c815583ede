"""The messages of the fake Slack as one HTML page in Chinese, the way a reader would have seen them.

Every text is an attacker's until escaped. Slack's own marks (``<!channel>``, links) are shown
framed, so that a mark that got through unescaped meets the eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from connectors.simulation.slack_message import SlackMessage, texts_of

_MARK = re.compile(r"<([^<>]*)>")
_ZONE = ZoneInfo("Asia/Shanghai")
_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; max-width: 48em; margin: 2em auto; line-height: 1.6; }}
article {{ border-left: 4px solid #4a154b; padding: 0 1em; margin: 1em 0; }}
p {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: .3em 0; }}
small {{ color: #555; }}
mark {{ background: #ffe9a8; }}
</style>
<h1>{title}</h1>
<p>模拟的工作群收到 {count} 条消息。黄底为 Slack 的控制标记或链接。</p>
{articles}
</html>
"""


def transcript_html(
    messages: Sequence[SlackMessage], channel_names: Mapping[str, str], title: str
) -> str:
    """Return one page with every message in order, times in Asia/Shanghai."""
    articles = "\n".join(_article(message, channel_names) for message in messages)
    return _PAGE.format(title=escape(title), count=len(messages), articles=articles)


def _article(message: SlackMessage, channel_names: Mapping[str, str]) -> str:
    sent_at = datetime.fromtimestamp(int(message.ts.split(".")[0]), UTC).astimezone(_ZONE)
    name = channel_names.get(message.channel, message.channel)
    notes = ["已修改"] if message.is_edited else []
    notes += ["跟帖"] if message.thread_ts else []
    heading = " · ".join([f"{sent_at:%Y-%m-%d %H:%M:%S}", f"#{name}", *notes])
    lines = "\n".join(f"<p>{_readable(text)}</p>" for text in _texts(message))
    return f"<article>\n<small>{escape(heading)}</small>\n{lines}\n</article>"


def _texts(message: SlackMessage) -> Iterator[str]:
    """Yield what is shown: the blocks, or the text when there are none."""
    if not message.blocks:
        yield message.text
    for block in message.blocks:
        yield from texts_of(block)


def _readable(text: str) -> str:
    """Return escaped HTML; marks are framed, and Slack's three escapes read as what they mean."""
    parts: list[str] = []
    end = 0
    for found in _MARK.finditer(text):
        parts.append(_plain(text[end : found.start()]))
        address, _, label = found[1].partition("|")
        shown = f"{label} ({address})" if label else address
        parts.append(f"<mark>{_plain(shown)}</mark>")
        end = found.end()
    parts.append(_plain(text[end:]))
    return "".join(parts)


def _plain(text: str) -> str:
    decoded = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return escape(decoded)
