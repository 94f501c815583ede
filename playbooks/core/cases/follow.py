"""What follows from an accepted answer, by the type of its step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbooks.core.cases import armed
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.publishing import recorded_by_person
from playbooks.core.cases.reviewing import next_measures
from playbooks.core.cases.state import OpenStep
from playbooks.core.cases.steps import complete, enter, waiting_reporters
from playbooks.core.cases.turn import Turn, chain_of, tell
from playbooks.core.ledger import EventType
from playbooks.core.playbook.model import (
    REVIEW_DRAFT,
    AnyStep,
    Approve,
    Ask,
    Branch,
    Clock,
    Improve,
    Publish,
    Recheck,
    ReviewStep,
    Send,
    WaitReceipt,
    Watch,
)

EVERYBODY = "全部"
"""As the reporter an answer is for: everybody who still waits."""


def _after_ask(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Ask)
    if step.marks:
        _record_answered(current, step, open_step, answers)
    if step.marks == "each_reporter_answered" and waiting_reporters(current.state):
        return
    complete(current, open_step, branch(step.title, step.next, answers))


def _record_answered(
    current: Turn, step: Ask, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    """Record which reporters were answered, how and by whom; the answer names them or is for all."""
    waiting = waiting_reporters(current.state)
    told = waiting if step.marks == "reporters_answered" else _named(waiting, answers)
    said = {name: answers[name] for name in ("answered_on", "how") if name in answers}
    for report_id in told:
        payload = {"report_id": report_id, "step_id": step.id, "visit": open_step.visit, **said}
        current.record(EventType.REPORTER_ANSWERED, payload, report_id)


def _named(waiting: Sequence[str], answers: Mapping[str, object]) -> Sequence[str]:
    """Return the reporters that an answer is for.

    Raises:
        AnswerError: it names nobody while several wait, or somebody who does not.
    """
    named = str(answers.get("report_id") or "").strip()
    if named in waiting:
        return [named]
    if named == EVERYBODY or (not named and len(waiting) == 1):
        return waiting
    listed = "、".join(waiting[:10])
    if not named:
        raise AnswerError(f"还有 {len(waiting)} 件举报未答复，请写明举报编号或写「全部」：{listed}")
    raise AnswerError(f"没有待答复的举报 {named}；待答复：{listed}")


def _after_approve(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Approve)
    signing = chain_of(step, open_step)
    role = signing[open_step.stage]
    payload = {
        "step_id": step.id,
        "visit": open_step.visit,
        "role": role,
        "letters": list(step.letters),
        "opinion": answers.get("opinion", ""),
        "scan": answers.get("scan", []),
    }
    if answers.get("confirmed") == "checked":
        payload["confirmed"] = _unverified(current, step)
    if answers["decision"] == "return":
        if not answers.get("opinion"):
            raise AnswerError("退回修改时「意见说明」必须填写")
        current.record(EventType.RETURNED, payload, step.id)
        complete(current, open_step, step.on_reject)
        return
    if open_step.stage + 1 == len(signing):
        _require_checked(current, step, answers)
        current.record(EventType.SIGNED, payload, step.id)
        complete(current, open_step, step.next)
        return
    payload["next_role"] = signing[open_step.stage + 1]
    current.record(EventType.REVIEWED, payload, step.id)
    tell(current, step, open_step, kind="your_turn")


def _unverified(current: Turn, step: Approve) -> list[str]:
    """Return what the letters state that nobody has checked, each once."""
    letters = [current.state.letters[name] for name in step.letters]
    waiting = [what for letter in letters if not letter.is_confirmed for what in letter.unverified]
    return list(dict.fromkeys(waiting))


def _require_checked(current: Turn, step: Approve, answers: Mapping[str, object]) -> None:
    """Refuse a signature under facts nobody has checked: the letter would state them as the office's."""
    waiting = _unverified(current, step)
    if waiting and answers.get("confirmed") != "checked":
        raise AnswerError(
            f"函件含待核实内容，尚不能签发：{'；'.join(waiting)}。请核对后在「待核实内容」选"
            "「已逐项核对无误」；有误的先改 office.yml，再退回重新起草"
        )


def _after_send(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Send)
    letter = current.state.letters.get(step.letter)
    if letter is None or not letter.is_signed:
        raise AnswerError(f"「{step.title}」的函件尚未签发，不能登记发出")
    payload = {
        "step_id": step.id,
        "visit": open_step.visit,
        "letter": step.letter,
        "number": letter.number,
        "addressee": step.addressee,
        **answers,
    }
    is_first = not open_step.is_dispatched
    is_again = step.once == "case" and bool(current.state.dispatches.get(step.letter))
    if is_first and is_again and not answers.get("again_reason"):
        raise AnswerError("该函在本案中已经发出过，不得重复发送；确需再发的填写「再次发出的理由」")
    if is_first and answers.get("sending") == "unclear":
        current.record(EventType.SENDING_UNCLEAR, payload, step.id)
        tell(current, step, open_step, kind="unclear")
        return
    if is_first:
        current.record(EventType.LETTER_DISPATCHED, payload, step.id)
    if answers.get("receipt"):
        current.record(EventType.RECEIPT_RECORDED, payload, step.id)
    if answers.get("receipt") or step.receipt == "optional":
        complete(current, open_step, step.next)


def _after_recheck(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Recheck)
    if open_step.consistent >= step.consistent:
        complete(current, open_step, step.next)
    else:
        armed.arm_next_look(current, step, open_step)


def _after_watch(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Watch)
    if answers["look"] == "still_up":
        complete(current, open_step, step.on_reappear)
    else:
        armed.arm_next_look(current, step, open_step)


def _after_wait(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, WaitReceipt)
    sending = current.playbook.step(step.of)
    assert isinstance(sending, Send)
    letter = current.state.letters[sending.letter]
    payload = {
        "step_id": step.id,
        "visit": open_step.visit,
        "of": step.of,
        "letter": sending.letter,
        "number": letter.number,
        **answers,
    }
    current.record(EventType.RECEIPT_RECORDED, payload, step.id)
    complete(current, open_step, step.next)


def _after_clock(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Clock)
    complete(current, open_step, step.next)


def _after_publish(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Publish)
    if recorded_by_person(current, step, open_step, answers):
        complete(current, open_step, step.next)


def _after_review(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    decided = next_measures(current, answers)
    complete(current, open_step, "")
    for measure in decided:
        enter(current, measure)
    if current.playbook.review and current.playbook.review.report:
        enter(current, REVIEW_DRAFT)


def _after_measure(
    current: Turn, step: AnyStep, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    complete(current, open_step, "")


def branch(title: str, follow: str | Sequence[Branch], answers: Mapping[str, object]) -> str:
    """Return where *answers* lead; *title* names the step in the error.

    Raises:
        AnswerError: nowhere, which the linter rules out.
    """
    if isinstance(follow, str):
        return follow
    for way in follow:
        if way.otherwise or all(answers.get(name) == value for name, value in way.when.items()):
            return way.go
    raise AnswerError(f"「{title}」的答案没有对应的后续步骤，请检查预案配置")


FOLLOW = {
    Ask: _after_ask,
    Approve: _after_approve,
    Send: _after_send,
    WaitReceipt: _after_wait,
    Recheck: _after_recheck,
    Watch: _after_watch,
    Clock: _after_clock,
    Publish: _after_publish,
    ReviewStep: _after_review,
    Improve: _after_measure,
}
