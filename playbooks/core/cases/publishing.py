"""统一部署: tell accounts to publish a signed text, record who has, and who stays silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbooks.core.cases.deciding import fact
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import Directive, OpenStep
from playbooks.core.cases.turn import Turn
from playbooks.core.facts import as_list
from playbooks.core.ledger import EventType
from playbooks.core.messages import Recipient, case_title
from playbooks.core.playbook.model import Publish

PIN = "pin"
"""The value of an answer that asks for the post to be pinned (置顶)."""


@dataclass(frozen=True)
class Leader:
    """Who answers for a sponsor's accounts, and which of them are silent.

    Attributes:
        accounts: names as people know them, 「云杉发布」（微博）.
    """

    recipient: Recipient
    sponsor_name: str
    accounts: Sequence[str]


def issue(current: Turn, step: Publish, open_step: OpenStep) -> None:
    """Record what the accounts are told to publish.

    Raises:
        AnswerError: the text is not signed, or nobody has said which accounts.
    """
    letter = current.state.letters.get(step.letter)
    accounts = [str(one) for one in as_list(fact(current.state, step.accounts) or [])]
    if letter is None or not letter.is_signed:
        raise AnswerError(f"「{step.title}」的文稿尚未签发，不得部署发布")
    if not accounts:
        raise AnswerError(f"「{step.title}」没有写明由哪些账号发布")
    current.record(
        EventType.DIRECTIVE_ISSUED,
        {
            "step_id": step.id,
            "visit": open_step.visit,
            "letter": step.letter,
            "accounts": accounts,
            "wording": str(fact(current.state, step.wording)),
            "must_pin": bool(step.pin and fact(current.state, step.pin) == PIN),
        },
        step.id,
    )


def recorded_by_person(
    current: Turn, step: Publish, open_step: OpenStep, answers: Mapping[str, object]
) -> bool:
    """Record a publication that a person saw, or that a person ends the step; true when it is over.

    Raises:
        AnswerError: neither an account with its link nor an end with its reason was given, or the
            account was not told to publish.
    """
    directive = current.state.directives[step.id]
    account, url = str(answers.get("account") or ""), str(answers.get("url") or "")
    is_over = answers.get("finish") == "finish"
    if account and not url:
        raise AnswerError("登记账号已发布时，「链接」必须填写")
    if account and account not in directive.accounts:
        raise AnswerError(f"账号 {account} 不在这次部署的范围内")
    pinned = [str(one) for one in as_list(answers.get("pinned") or [])]
    if not (account or pinned or is_over):
        raise AnswerError("请填写已发布的账号与链接、已置顶的账号，或选「结束监看」并说明")
    if account:
        seen = {"url": url, "posted_at": answers.get("posted_at"), "known_by": "person"}
        _record(current, directive, account, seen)
    if pinned:
        _record_pinned(current, directive, pinned)
    if is_over and not directive.is_done and not answers.get("remark"):
        raise AnswerError(f"{_left(directive)}，结束监看须在「说明」写明原因")
    return is_over or directive.is_done


def _record_pinned(current: Turn, directive: Directive, accounts: Sequence[str]) -> None:
    """Record which posts a person saw pinned; of 「全部」 those that have published.

    Raises:
        AnswerError: none of the accounts has published what was dispatched.
    """
    seen = [one for one in accounts if one in directive.published and one not in directive.pinned]
    if not seen and not set(accounts) & set(directive.pinned):
        raise AnswerError("「已置顶的账号」中没有一个已登记发布；请先登记发布的链接")
    facts = {"step_id": directive.step_id, "visit": directive.visit}
    for account in seen:
        current.record(EventType.PIN_RECORDED, {**facts, "account_id": account}, account)


def _left(directive: Directive) -> str:
    missing, unpinned = len(directive.missing), len(directive.unpinned)
    parts = [f"还有 {missing} 个账号未见发布"] if missing else []
    return "，".join([*parts, *([f"{unpinned} 个账号未确认置顶"] if unpinned else [])])


def seen_in_posts(current: Turn, step_id: str, posts: Sequence[Mapping[str, object]]) -> bool:
    """Record publications found among ingested posts; true when nothing is missing any more.

    Args:
        current: a turn on the case; the step is open.
        step_id: the publish step.
        posts: ``account_id``, ``url``, ``title``, ``posted_at`` (ISO or ``None``).
    """
    directive = current.state.directives[step_id]
    for post in posts:
        account = str(post["account_id"])
        if account in directive.missing:
            _record(current, directive, account, {**post, "known_by": "ingested"})
    return directive.is_done


def silence_found(
    current: Turn, step_id: str, found: Mapping[str, Sequence[str]], leaders: Sequence[Leader]
) -> None:
    """Record who had not published when the limit passed, and tell each sponsor's leader once.

    Args:
        current: a turn on the case; the step is open.
        step_id: the publish step.
        found: ``silent``, ``other`` (published something else) and ``unknown`` -> account ids.
        leaders: whom to tell; nobody is told of an account that is only unknown.
    """
    directive = current.state.directives[step_id]
    step = current.step(step_id)
    facts = {"step_id": step_id, "visit": directive.visit}
    current.record(
        EventType.SILENCE_FOUND, {**facts, **{k: list(v) for k, v in found.items()}}, step_id
    )
    deadline = current.state.deadlines.get(f"{current.state.case_id}/{step_id}/{directive.visit}")
    for leader in leaders:
        person = leader.recipient
        key = f"silent:{current.state.case_id}:{step_id}:{directive.visit}:{person.person_id}"
        title = {
            "title": current.state.title,
            "inputs": current.state.inputs,
            "is_drill": current.state.is_drill,
        }
        current.record(
            EventType.MESSAGE_QUEUED,
            {
                "dedupe_key": key,
                "kind": "silent",
                "case_title": case_title(title),
                "role": "sponsor_leader",
                "role_title": "主办单位负责人",
                "recipient": {
                    "person_id": person.person_id,
                    "name": person.name,
                },
                "sponsor_name": leader.sponsor_name,
                "accounts": list(leader.accounts),
                "step_id": step_id,
                "step_title": step.title,
                "visit": directive.visit,
                "due_at": deadline.due_at if deadline else None,
                **({"is_internal_only": True} if current.playbook.is_internal else {}),
            },
            key,
        )


def _record(current: Turn, directive: Directive, account: str, seen: Mapping[str, object]) -> None:
    facts = {"step_id": directive.step_id, "visit": directive.visit, "account_id": account}
    current.record(EventType.PUBLICATION_RECORDED, {**seen, **facts}, account)
