"""移交: give an open step to a named person."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import HandOver
from flows.form_runs import Done, run_form, run_name
from flows.operations import cases
from flows.operations.named import open_step_named
from flows.settings import Settings


@flow(name="移交", flow_run_name=run_name, validate_parameters=False)
def hand_over(form: HandOver) -> State[str]:
    """Record who takes the step and tell them. Without Prefect: ``juzhen hand-over``."""
    return run_form(HandOver, form, _handed_over)


def _handed_over(settings: Settings, given: HandOver, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    step_id = open_step_named(settings, case_id, given.step)
    cases.hand_over(
        settings, case_id, step_id, given.to_person, given.reason, given.answered_by, moment
    )
    return Done(f"已移交给 {given.to_person}，并已通知", case_id)
