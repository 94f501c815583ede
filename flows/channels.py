"""The team chat as dispatch and audit use it: Slack by token or webhook, or nowhere with a clear word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from connectors.chat import ChatAdapter, ChatMessage, Delivery, Severity
from connectors.slack import SlackApi, SlackWebhook
from flows.clock import real_now
from flows.links import answer_link
from flows.operations.boards import AnswerLink
from flows.operations.escalation import Sender
from flows.settings import Settings
from playbooks.core.audit import AuditResult
from playbooks.core.outbox import Attempt, Ending, Message

LOOK_BACK: Final = timedelta(days=2)
SEVERITIES: Final[dict[str, Severity]] = {
    "info": "info",
    "warning": "warning",
    "urgent": "critical",
}


class ChatSender:
    """Sends outbox messages through one adapter."""

    def __init__(self, adapter: ChatAdapter, channel: str, link: AnswerLink) -> None:
        """Keep the adapter, the duty channel and the way to build form addresses."""
        self.adapter = adapter
        self.channel = channel
        self.link = link

    def send(self, message: Message) -> Attempt:
        """Send once and say how it went."""
        return _attempt(self.adapter.deliver(self._chat_message(message)))

    def find(self, message: Message) -> Attempt | None:
        """Look the message up in the channel's history; a webhook has none and cannot tell."""
        if not isinstance(self.adapter, SlackApi):
            return None
        # The channel stamps messages with the real time, whatever JUZHEN_NOW says. After an outage
        # the sending lies further back than the usual look-back.
        since = min(real_now(), message.sending_since_at) - LOOK_BACK
        found = self.adapter.find_delivery(self.channel, message.dedupe_key, since)
        return None if found.status == "unknown" else _attempt(found)

    def _chat_message(self, message: Message) -> ChatMessage:
        recipient = message.recipient or {}
        step_id, visit = message.link.get("step_id"), message.link.get("visit")
        url = self.link(message.case_id, str(step_id), int(str(visit))) if step_id else ""
        user = recipient.get("chat_user_id")
        return ChatMessage(
            channel=self.channel,
            title=message.title,
            lines=tuple(line for line in message.body.splitlines() if line.strip()),
            dedupe_key=message.dedupe_key,
            severity=SEVERITIES[message.severity],
            link_url=url or None,
            link_label="去办理" if url else None,
            mentions=(str(user),) if user else (),
        )


class NoChannel:
    """Stands where no chat is configured: every message fails, so that the audit alarms."""

    def send(self, message: Message) -> Attempt:
        """Refuse."""
        return Attempt(
            Ending.FAILED, detail="没有配置聊天渠道（JUZHEN_SLACK_TOKEN 或 JUZHEN_SLACK_WEBHOOK）"
        )

    def find(self, message: Message) -> Attempt | None:
        """Nothing was ever sent."""
        return Attempt(Ending.FAILED, detail="没有配置聊天渠道")


def open_sender(settings: Settings) -> Sender:
    """Return the sender that the settings describe."""
    adapter = _adapter(settings)
    if adapter is None:
        return NoChannel()
    return ChatSender(adapter, settings.chat.channel, answer_link(settings))


def tell_findings(settings: Settings, result: AuditResult, now: datetime) -> Delivery | None:
    """Send the audit's findings at once, past the outbox, which may be what is broken."""
    adapter = _adapter(settings)
    if adapter is None:
        return None
    lines: Sequence[str] = [
        f"{finding.sentence}：{'、'.join(finding.examples)}" for finding in result.findings
    ]
    return adapter.deliver(
        ChatMessage(
            channel=settings.chat.channel,
            title="时限审计发现问题，请立即处理",
            lines=tuple(lines),
            dedupe_key=f"audit:{now.isoformat(timespec='minutes')}",
            severity="critical",
        )
    )


def _adapter(settings: Settings) -> ChatAdapter | None:
    chat = settings.chat
    if chat.token and chat.channel:
        return SlackApi(chat.token, base_url=chat.api_url)
    if chat.webhook_url:
        return SlackWebhook(chat.webhook_url)
    return None


def _attempt(delivery: Delivery) -> Attempt:
    return Attempt(
        Ending(delivery.status),
        delivery.reference or "",
        delivery.detail or "",
        delivery.retry_after_s or 0.0,
    )
