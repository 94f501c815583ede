"""The chat channels and mail as dispatch and audit use them, each reached by its own adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from connectors.chat import ChatAdapter, ChatMessage, Delivery, Severity
from connectors.slack import SlackApi, SlackWebhook
from flows.channel_settings import Channels, ChannelSettings, Kind, read_channels
from flows.clock import real_now
from flows.links import answer_link
from flows.mail_settings import mail_server, mail_to
from flows.operations.addresses import AnswerLink
from flows.settings import Settings, SettingsError
from playbooks.core.audit import AuditResult
from playbooks.core.facts import Facts
from playbooks.core.outbox import Attempt, Ending, Message
from playbooks.core.routing import FIRST

LOOK_BACK: Final = timedelta(days=2)
SEVERITIES: Final[dict[str, Severity]] = {
    "info": "info",
    "warning": "warning",
    "urgent": "critical",
}
USER_IDS: Final[Mapping[Kind, str]] = {
    "slack": "chat_user_id",
    "wecom": "wecom_user_id",
    "dingtalk": "dingtalk_user_id",
    "feishu": "feishu_user_id",
}
ACKNOWLEDGEABLE: Final = frozenset({"rung", "your_turn", "handed_over"})
NOT_CONFIGURED: Final = (
    "没有配置聊天渠道（JUZHEN_SLACK_TOKEN、JUZHEN_WECOM_WEBHOOK 等，见 docs/settings.md）"
)


class ChatSender:
    """Sends outbox messages, each through the channel it names."""

    def __init__(self, settings: Settings, channels: Channels) -> None:
        """Keep the settings; an adapter is made when its channel is first used."""
        self.settings = settings
        self.channels = channels
        self.link: AnswerLink = answer_link(settings)
        # Without somebody who listens a button would only show an error.
        self.is_listening = bool(settings.variables.get("JUZHEN_SLACK_APP_TOKEN"))
        self._adapters: dict[str, ChatAdapter] = {}

    def send(self, message: Message) -> Attempt:
        """Send once and say how it went."""
        channel = self._channel(message)
        if channel is None:
            return self._nowhere(message)
        try:
            adapter = self._adapter(channel)
        except SettingsError as error:
            return Attempt(Ending.REFUSED, detail=str(error))
        return _attempt(adapter.deliver(self.chat_message(message, channel)))

    def find(self, message: Message) -> Attempt | None:
        """Look the message up where the channel has a history; others cannot tell."""
        channel = self._channel(message)
        if channel is None:
            # Nothing can have been sent through a channel that is none.
            return self._nowhere(message) if not self.channels.configured else None
        adapter = self._adapter(channel)
        if not isinstance(adapter, SlackApi):
            return None
        # The channel stamps messages with the real time, whatever JUZHEN_NOW says. After an outage
        # the sending lies further back than the usual look-back.
        since = min(real_now(), message.sending_since_at) - LOOK_BACK
        found = adapter.find_delivery(self.settings.chat.channel, message.dedupe_key, since)
        return None if found.status == "unknown" else _attempt(found)

    def chat_message(self, message: Message, channel: ChannelSettings) -> ChatMessage:
        """Return *message* as the adapter of *channel* takes it."""
        people = [one.recipient for one in message.parts or (message,) if one.recipient]
        url, label = self._link(message)
        return ChatMessage(
            channel=_address(self.settings, channel, message.recipient),
            title=message.title,
            lines=tuple(line for line in message.body.splitlines() if line.strip()),
            dedupe_key=message.dedupe_key,
            severity=SEVERITIES[message.severity],
            link_url=url or None,
            link_label=label,
            mentions=_known(people, USER_IDS.get(channel.kind, "")),
            mobiles=_known(people, "mobile"),
            is_acknowledgeable=self.is_listening
            and message.kind in ACKNOWLEDGEABLE
            and not message.parts,
        )

    def alarm(self, message: ChatMessage) -> Delivery | None:
        """Send *message* past the outbox to the first urgent channel that takes it."""
        delivery = None
        for name in self.channels.routing.routes["urgent"]:
            channel = self.channels.configured[name]
            try:
                adapter = self._adapter(channel)
            except SettingsError as error:
                delivery = Delivery("refused", detail=str(error))
                continue
            address = _address(self.settings, channel, None)
            delivery = adapter.deliver(replace(message, channel=address))
            if delivery.status == "delivered":
                return delivery
        return delivery

    def _channel(self, message: Message) -> ChannelSettings | None:
        name = message.channel
        if name == FIRST:  # taken before there were several channels
            name = self.channels.routing.current(name, message.severity, message.marking)
        return self.channels.configured.get(name)

    def _nowhere(self, message: Message) -> Attempt:
        if not self.channels.configured:
            return Attempt(Ending.FAILED, detail=NOT_CONFIGURED)
        reason = "内部案件没有可用的内部渠道" if message.marking else "没有为这一级别配置渠道"
        return Attempt(Ending.REFUSED, detail=f"{reason}，请人工告知并核对 chat.yml")

    def _link(self, message: Message) -> tuple[str, str | None]:
        if message.parts:
            return f"{self.settings.ui_url.rstrip('/')}/v2/artifacts", "看板"
        step_id, visit = message.link.get("step_id"), message.link.get("visit")
        url = self.link(message.case_id, str(step_id), int(str(visit))) if step_id else ""
        return url, "去办理" if url else None

    def _adapter(self, channel: ChannelSettings) -> ChatAdapter:
        if channel.name not in self._adapters:
            self._adapters[channel.name] = make_adapter(self.settings, channel)
        return self._adapters[channel.name]


def make_adapter(settings: Settings, channel: ChannelSettings) -> ChatAdapter:
    """Return the adapter of one channel.

    Raises:
        SettingsError: an address is none; the sentence does not repeat it.
    """
    try:
        return _MAKERS[channel.kind](settings, channel)
    except ValueError as error:
        raise SettingsError(f"渠道 {channel.name} 的设置不正确：{error}") from error


def open_sender(settings: Settings) -> ChatSender:
    """Return the sender that the settings describe.

    Raises:
        SettingsError: ``chat.yml`` has a fault.
    """
    return ChatSender(settings, read_channels(settings))


def tell_findings(settings: Settings, result: AuditResult, now: datetime) -> Delivery | None:
    """Send the audit's findings at once, past the outbox, which may be what is broken."""
    lines = tuple(
        f"{finding.sentence}：{'、'.join(finding.examples)}" for finding in result.findings
    )
    return open_sender(settings).alarm(
        ChatMessage(
            channel="",
            title="时限审计发现问题，请立即处理",
            lines=lines,
            dedupe_key=f"audit:{now.isoformat(timespec='minutes')}",
            severity="critical",
        )
    )


def _slack(settings: Settings, channel: ChannelSettings) -> ChatAdapter:
    chat = settings.chat
    if channel.name == "slack" and chat.token and chat.channel:
        return SlackApi(chat.token, base_url=chat.api_url)
    return SlackWebhook(channel.webhook or chat.webhook_url)


def _wecom(_settings: Settings, channel: ChannelSettings) -> ChatAdapter:
    from connectors.wecom import WecomBot

    return WecomBot(channel.webhook)


def _dingtalk(_settings: Settings, channel: ChannelSettings) -> ChatAdapter:
    from connectors.dingtalk import DingtalkRobot

    return DingtalkRobot(channel.webhook, channel.secret, real_now)


def _feishu(_settings: Settings, channel: ChannelSettings) -> ChatAdapter:
    from connectors.feishu import FeishuBot

    return FeishuBot(channel.webhook, channel.secret, real_now)


def _mail(settings: Settings, _channel: ChannelSettings) -> ChatAdapter:
    from connectors.email import Mailer

    return Mailer(mail_server(settings.variables), real_now)


_MAKERS: Final[Mapping[Kind, Callable[[Settings, ChannelSettings], ChatAdapter]]] = {
    "slack": _slack,
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "email": _mail,
}


def _address(settings: Settings, channel: ChannelSettings, recipient: Facts | None) -> str:
    """Return whom or where: mail goes to the person, or to the duty mailbox when there is none."""
    if channel.kind == "email":
        return str((recipient or {}).get("email") or mail_to(settings.variables))
    return settings.chat.channel if channel.kind == "slack" else ""


def _known(people: list[Facts], name: str) -> tuple[str, ...]:
    return tuple(str(person[name]) for person in people if person.get(name))


def _attempt(delivery: Delivery) -> Attempt:
    return Attempt(
        Ending(delivery.status),
        delivery.reference or "",
        delivery.detail or "",
        delivery.retry_after_s or 0.0,
    )
