"""The sheet in which a person says what messages are: the manual sheet, filled with what is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.calendars import office_calendar
from flows.settings import Settings
from playbooks.core.register.columns import labels

if TYPE_CHECKING:
    from playbooks.statistics.figures import Figures
    from playbooks.statistics.packet import PacketRequest

FILE_NAME: Final = "messages_to_review.xlsx"


def write_review(
    settings: Settings, figures: Figures, request: PacketRequest, folder: Path
) -> Path | None:
    """Write the messages that nobody has reviewed yet, complaints and leads first, or nothing.

    Imported again with 人工认定倾向 filled in, the rows are the same messages with a person's word.
    """
    from connectors.exports.manual_template import manual_template
    from playbooks.statistics.replies import messages_of, shipped_limits

    limits = request.reply_limits or shipped_limits()[0]
    messages = messages_of(figures, limits, office_calendar(settings))
    waiting = [each for each in messages if not each.sentiment]
    if not waiting:
        return None
    waiting.sort(key=lambda each: not each.needs_review)
    rows = [
        {
            "account_id": each.account_id,
            "stat_date": each.received_on,
            "kind": each.kind,
            "content": each.content,
            "replied_on": each.replied_on,
            "handed_over_to": each.handed_over_to or None,
            "is_opinion": "是" if each.is_opinion else None,
            "hint": f"{each.lead.topic}；{each.lead.mood}（{'、'.join(each.lead.words) or '无'}）",
        }
        for each in waiting
    ]
    platforms = labels("platform")
    accounts = [
        (account.account_id, platforms.get(account.platform, account.platform), account.name)
        for account in figures.operating
    ]
    path = folder / FILE_NAME
    path.write_bytes(manual_template(accounts, {"messages": rows}))
    return path
