"""Messages to Slack through its Web API or an incoming webhook.

Success is Slack's own ``ok``, never HTTP 200. Nothing is repeated here, because Slack has no
idempotency key: a timeout after sending leaves *unknown*, and ``SlackApi.find_delivery`` looks
for the message by the dedupe key in its metadata before anyone sends it again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Protocol, cast

from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError, SlackClientError

from connectors.chat import ChatMessage, Delivery
from connectors.slack_answer import EVENT_TYPE, as_object, judged, lost, reference_in, text_of
from connectors.slack_message import blocks_of, fallback_text

BASE_URL = "https://slack.com/api/"
PAGE_SIZE = 200
MAX_PAGES = 10

# What slack_sdk lets through for a lost connection, a cut-off or undecodable answer, and (the last
# two) for an answer that is JSON but no object.
_LOST = (SlackClientError, OSError, HTTPException, ValueError, LookupError, AttributeError)


class _Answer(Protocol):
    """The part of slack_sdk's untyped response used here."""

    data: object
    status_code: int
    headers: Mapping[str, str]


class SlackApi:
    """A workspace reached with a bot token (scopes: chat:write, channels:history)."""

    def __init__(
        self,
        token: str,
        *,
        base_url: str = BASE_URL,
        timeout_s: int = 10,
        proxy_url: str | None = None,
    ) -> None:
        """Prepare a client; nothing is sent.

        Args:
            token: bot token, never shown again.
            base_url: of the Web API; a loopback address in tests.
            timeout_s: for connecting and for each read.
            proxy_url: HTTP proxy; without one Python's usual proxy variables still count.
        """
        self._secrets = (token,)
        # No retry handlers: the default repeats a lost connection, and so can post twice.
        self._client = WebClient(
            token=token,
            base_url=base_url,
            timeout=timeout_s,
            retry_handlers=[],
            logger=quiet_logger(),
        )
        self._client.proxy = proxy_url

    def deliver(self, message: ChatMessage) -> Delivery:
        """Post *message* once; its channel is a channel id."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"dedupe_key": message.dedupe_key}}
        try:
            response = self._client.chat_postMessage(  # pyright: ignore[reportUnknownMemberType]
                channel=message.channel,
                text=fallback_text(message),
                blocks=blocks_of(message),
                metadata=metadata,
                mrkdwn=False,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            return self._refusal(error)
        except _LOST as error:
            return lost(error, self._secrets)
        return Delivery(
            "delivered", reference=text_of(as_object(cast("_Answer", response).data), "ts")
        )

    def find_delivery(self, channel: str, dedupe_key: str, sent_after: datetime) -> Delivery:
        """Return whether a message with *dedupe_key* stands in the channel's history.

        ``delivered`` with its reference; ``failed`` when it certainly is not there and may be sent
        again; ``unknown`` when the history could not be read to its end.

        Args:
            channel: channel id; Slack's history takes no names.
            dedupe_key: of the message looked for.
            sent_after: aware instant before the sending; older messages are not read.
        """
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = self._history_page(channel, cursor, sent_after)
            if isinstance(page, Delivery):
                return Delivery("unknown", detail=f"查询频道历史失败：{page.detail}")
            reference = reference_in(page, dedupe_key)
            if reference is not None:
                return Delivery("delivered", reference=reference, detail="在频道历史中找到")
            cursor = text_of(as_object(page.get("response_metadata")), "next_cursor")
            if not cursor and page.get("has_more") is not True:
                return Delivery("failed", detail="频道历史中没有这条消息，可以重新发送")
        return Delivery("unknown", detail=f"频道历史超过 {MAX_PAGES * PAGE_SIZE} 条，未查到底")

    def _history_page(
        self, channel: str, cursor: str | None, sent_after: datetime
    ) -> Mapping[str, object] | Delivery:
        try:
            response = self._client.conversations_history(  # pyright: ignore[reportUnknownMemberType]
                channel=channel,
                cursor=cursor,
                include_all_metadata=True,
                inclusive=True,
                limit=PAGE_SIZE,
                oldest=f"{sent_after.timestamp():.6f}",
            )
        except SlackApiError as error:
            return self._refusal(error)
        except _LOST as error:
            return lost(error, self._secrets)
        page = as_object(cast("_Answer", response).data)
        if not isinstance(page.get("messages"), list):
            return Delivery("unknown", detail="应答中没有消息列表")
        return page

    def _refusal(self, error: SlackApiError) -> Delivery:
        response = cast("_Answer", error.response)
        word = text_of(as_object(response.data), "error") or ""
        return judged(response.status_code, word, response.headers, self._secrets)


class SlackWebhook:
    """An incoming webhook: one channel, no reference, and no way to look a message up."""

    def __init__(self, url: str, *, timeout_s: int = 10, proxy_url: str | None = None) -> None:
        """Prepare a client for the secret address *url*; nothing is sent."""
        self._secrets = (url,)
        self._client = WebhookClient(
            url, timeout=timeout_s, retry_handlers=[], logger=quiet_logger()
        )
        self._client.proxy = proxy_url

    def deliver(self, message: ChatMessage) -> Delivery:
        """Post *message* once; the webhook's own channel takes it, whatever the message names."""
        try:
            response = self._client.send(
                text=fallback_text(message),
                blocks=blocks_of(message),
                unfurl_links=False,
                unfurl_media=False,
            )
        except _LOST as error:
            return lost(error, self._secrets)
        word = response.body.strip()
        if response.status_code == HTTPStatus.OK and word == "ok":
            return Delivery("delivered")
        headers = cast("Mapping[str, str]", response.headers)
        return judged(response.status_code, word, headers, self._secrets)


def quiet_logger() -> logging.Logger:
    """Return a logger that stays silent: slack_sdk logs addresses and bodies at DEBUG, and takes an unset level for DEBUG."""
    logger = logging.getLogger("juzhen.slack")
    logger.setLevel(logging.WARNING)
    return logger
