"""What a report seems to say: on which platform, under which name, at which address.

A suggestion and no more. The account is taken as named only when the text leaves one reading: one
platform, one quoted name, and the name is not that of the office's own account there, because citizens
often quote the official account when they mean the copy. Everything else waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

PLATFORM_WORDS: Mapping[str, Sequence[str]] = {
    "wechat_official": ("微信公众号", "公众号", "订阅号", "服务号"),
    "wechat_channels": ("微信视频号", "视频号"),
    "weibo": ("微博",),
    "douyin": ("抖音",),
    "kuaishou": ("快手",),
    "bilibili": ("哔哩哔哩", "B站", "b站"),
    "toutiao": ("今日头条", "头条号", "头条"),
    "xiaohongshu": ("小红书",),
}
_QUOTED = re.compile("“([^“”]{2,60})”|「([^「」]{2,60})」|『([^『』]{2,60})』|【([^【】]{2,60})】")
_ADDRESS = re.compile(r"https?://[^\s，。；、“”「」<>\"')）]{4,500}", re.IGNORECASE)
_NAME_CUE = re.compile(
    r"(?:账号|帐号|公众号|视频号|微博|抖音|快手|小红书|头条号|B站|名为|名称为|叫做?|自称|冒充|假冒)[^“「『【]{0,6}$"
)


@dataclass(frozen=True)
class Suggestion:
    """What the texts of one report seem to name.

    Attributes:
        names: quoted names, those behind a word such as 账号 when there are any.
    """

    platforms: tuple[str, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]

    def only_reading(self, own_names: Collection[tuple[str, str]]) -> tuple[str, str] | None:
        """Return platform and name when there is one reading; *own_names* are (platform, name)."""
        if len(self.platforms) != 1 or len(self.names) != 1:
            return None
        reading = (self.platforms[0], self.names[0])
        return None if reading in own_names else reading


def suggest(text: str) -> Suggestion:
    """Return what *text* seems to name."""
    platforms = [
        platform
        for platform, words in PLATFORM_WORDS.items()
        if any(word in text for word in words)
    ]
    quoted = [
        (found.start(), next(filter(None, found.groups()))) for found in _QUOTED.finditer(text)
    ]
    cued = [name for start, name in quoted if _NAME_CUE.search(text[max(0, start - 16) : start])]
    names = dict.fromkeys(cued or [name for _, name in quoted])
    addresses = dict.fromkeys(_ADDRESS.findall(text))
    return Suggestion(tuple(platforms), tuple(names)[:5], tuple(addresses)[:5])


def is_relevant(text: str, words: Collection[str]) -> bool:
    """Tell whether a report is about an account at all; a hotline's export is mostly about others."""
    return any(word in text for word in words)
