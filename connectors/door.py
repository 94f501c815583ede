"""What of a reply is kept: all of it as it came, less secrets, and less personal data where declared."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import cast

from connectors.asking import Question
from connectors.declaration import Endpoint
from connectors.http import Reply, without_secrets
from connectors.reading import UnintelligibleReplyError, body_text, parse_json


def archive_text(
    endpoint: Endpoint, question: Question, reply: Reply | None, secrets: Sequence[str]
) -> str | None:
    """Return the text to archive, or None when there is nothing that may be kept.

    Where an endpoint's answers hold personal data the declared keys go, at any depth, and an answer
    that cannot be read is not kept at all: nobody could say what is in it. Where an answer does not
    name its item, what was asked stands before it.
    """
    if reply is None or not reply.body:
        return None
    text: str | None = body_text(reply.body)
    if endpoint.personal_keys:
        text = _without_keys(reply.body, endpoint.personal_keys)
    if text is None:
        return None
    if endpoint.names_no_item:
        item_ids = json.dumps(question.item_ids, ensure_ascii=False)
        text = f'{{"item_ids": {item_ids}, "reply": {text}}}'
    return without_secrets(text, secrets)


def _without_keys(body: bytes, keys: Collection[str]) -> str | None:
    try:
        content = parse_json(body)
    except UnintelligibleReplyError:
        return None
    # Sorted keys are not asked for: what is left keeps the platform's own order.
    return (
        json.dumps(_pruned(content, keys), ensure_ascii=False).encode("utf-8", "replace").decode()
    )


def _pruned(value: object, keys: Collection[str]) -> object:
    if isinstance(value, dict):
        children = cast("dict[str, object]", value).items()
        return {key: _pruned(child, keys) for key, child in children if key not in keys}
    if isinstance(value, list):
        return [_pruned(one, keys) for one in cast("list[object]", value)]
    return value
