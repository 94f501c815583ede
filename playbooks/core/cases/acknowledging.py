"""Taking note of a step (知悉): who has seen the call and is on it. It stops no clock and no ladder.

A press on an old message is refused: since then the step went on, or somebody else was called, and
whoever presses believes in a state that is no more (the rule of GoAlert).
"""

from __future__ import annotations

from playbooks.core.cases.engine import DUTY_LEAD
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import (
    Answerer,
    StaleAnswerError,
    Turn,
    open_step_of,
    role_of,
    timed_step,
)
from playbooks.core.ledger import EventType


def acknowledge(
    current: Turn, step_id: str, visit: int | None, message: str, who: Answerer, through: str
) -> bool:
    """Record that *who* has taken note of an open step; false when that was on record already.

    Args:
        current: the case.
        step_id: the step.
        visit: of the step that the message spoke of; ``None`` for the present one.
        message: key of the message that was answered; ``""`` when none was.
        who: the person, who must have something to do with the step.
        through: how, for example ``slack`` or ``command``.

    Raises:
        StaleAnswerError: the step is done, or a later message has called since.
        AnswerError: the person neither holds the step nor was called nor leads the duty.
    """
    open_step = open_step_of(current, step_id, visit)
    step = timed_step(current, step_id)
    if message and message != open_step.latest_message:
        raise StaleAnswerError(
            f"这条消息之后，步骤「{step.title}」又有新的提醒；请以最新一条为准，在最新一条上登记知悉"
        )
    declared = current.playbook.roles[role_of(step, open_step)]
    own = (open_step.assigned_to, open_step.called)
    if not ({declared.roster, DUTY_LEAD} & who.roles or who.person_id in own):
        raise AnswerError(
            f"{who.name} 不是「{declared.title}」，也没有受提醒或带班，不能登记知悉；如由其办理请先移交"
        )
    is_known = open_step.acknowledged_by == who.person_id
    if is_known and open_step.acknowledged_message == open_step.latest_message:
        return False
    current.record(
        EventType.ACKNOWLEDGED,
        {
            "step_id": step_id,
            "visit": open_step.visit,
            "step_title": step.title,
            "acknowledged_by": who.person_id,
            "message": open_step.latest_message,
            "through": through,
        },
        step_id,
    )
    return True
