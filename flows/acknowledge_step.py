"""知悉: record that somebody has taken note of a step; its limit and its reminders go on."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import AcknowledgeStep
from flows.form_runs import Done, run_form, run_name
from flows.operations.acknowledging import acknowledge
from flows.operations.named import open_step_named
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError


@flow(name="知悉", flow_run_name=run_name, validate_parameters=False)
def acknowledge_step(form: AcknowledgeStep) -> State[str]:
    """Record who has taken note. Without Prefect: ``juzhen acknowledge``."""
    return run_form(AcknowledgeStep, form, _acknowledged)


def _acknowledged(settings: Settings, given: AcknowledgeStep, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    step_id = open_step_named(settings, case_id, given.step)
    done = acknowledge(settings, case_id, step_id, given.answered_by, moment, through="form")
    if done.refusal:
        raise AnswerError(done.refusal)
    word = "已登记知悉" if done.is_new else "此前已登记过知悉"
    return Done(f"{word}；时限与提醒照常", case_id)
