"""How a submitted form ends: one Chinese sentence where the operator looks, never a traceback.

The run takes the sentence as its state message, so that the list of runs and the run's page show it,
and keeps it as the run's own artifact with a link to the case. A refused input makes the run red.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from flows.clock import now
from flows.form_checks import checked
from flows.forms import Form, FormType
from flows.refusals import expected_errors, sentence_of
from flows.settings import Settings, read_settings

if TYPE_CHECKING:
    from prefect import State

Told = Any  # a state; Prefect resolves the annotation at run time and must find a name


@dataclass(frozen=True)
class Done:
    """What a submitted form did.

    Attributes:
        sentence: for the operator, in Chinese.
        case_id: the case whose page changed; empty when it is about none.
        problem: what is still wrong although the input stands; the run is red and says so.
    """

    sentence: str
    case_id: str = ""
    problem: str = ""


def run_form(
    model: type[FormType], form: object, act: Callable[[Settings, FormType, datetime], Done]
) -> State[str]:
    """Judge *form* by *model*, do *act* and tell the operator how it went.

    Args:
        model: the form that was published; it is judged again here, because a run can also be made
            by a script that does not know the form.
        form: what was submitted.
        act: does the work on settings, the accepted form and the present instant.
    """
    return run_action(lambda settings, moment: act(settings, checked(model, form), moment))


def run_action(act: Callable[[Settings, datetime], Done]) -> State[str]:
    """Do *act* and tell the operator how it went; see ``run_form``."""
    try:
        settings = read_settings()
        done = act(settings, now())
    except expected_errors() as error:
        return _ended(f"未办成：{sentence_of(error)}", is_done=False)
    page = _redrawn(settings, done.case_id)
    if done.problem:
        return _ended(f"{done.sentence}，但{done.problem}", is_done=False, page=page)
    return _ended(done.sentence, is_done=True, page=page, case_id=done.case_id)


def run_name() -> str:
    """Return what the list of runs calls this one: the case or file, the form, and who filled it in."""
    from prefect.runtime import deployment, flow_run

    parameters = cast("Mapping[str, object]", flow_run.get_parameters())
    form = parameters.get("form")
    given = _plain(form)
    title = str(deployment.get_name() or flow_run.get_flow_name() or "")
    parts = [str(given.get("case_id") or given.get("file_name") or ""), title]
    parts.append(str(given.get("answered_by", "")).split("(")[0])
    return " ".join(part.strip()[:60] for part in parts if part.strip())


def _plain(form: object) -> Mapping[str, object]:
    if isinstance(form, Form):
        return form.model_dump()
    return cast("Mapping[str, object]", form) if isinstance(form, dict) else {}


def _redrawn(settings: Settings, case_id: str) -> str:
    """Draw the boards again and return the address of the case's page, empty when there is none.

    The input is in the ledger by now: a server that cannot take the boards must not make the run
    look as if it were not. The next sweep draws them.
    """
    from httpx import HTTPStatusError, TransportError
    from prefect import get_run_logger

    from flows.artifacts import publish_case

    if not case_id:
        return ""
    try:
        return publish_case(settings, case_id, now())
    except (HTTPStatusError, TransportError) as error:
        sentence = "已登记；看板暂未更新（%s），下一次巡查会补上"
        get_run_logger().warning(sentence, type(error).__name__)
        return ""


def _ended(sentence: str, *, is_done: bool, page: str = "", case_id: str = "") -> State[str]:
    from httpx import HTTPStatusError, TransportError
    from prefect import get_run_logger
    from prefect.exceptions import Abort
    from prefect.states import Completed, Failed

    from flows.artifacts import publish_outcome
    from flows.operations.boards import unlinked

    # A refusal may quote an impostor's address, and the interface links whatever looks like one.
    sentence = unlinked(sentence)
    logger = get_run_logger()
    (logger.info if is_done else logger.error)(sentence)
    try:
        publish_outcome(sentence, page, is_done=is_done)
    except (HTTPStatusError, TransportError):
        logger.warning("办理结果页没有写成，以本条记录为准")
    if is_done:
        return Completed(message=sentence, data=case_id)
    # Prefect raises what a failed state carries once more after the state is stored, and logs it
    # with its traceback; an Abort ends the process there in silence.
    return Failed(message=sentence, data=Abort(sentence))
