"""单位自评、考核打分: what units say of their year, and what the appraiser gives and rules."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.check_forms import ScoreAppraisal, SelfReport
from flows.form_runs import Done, run_form, run_name
from flows.operations.appraisal_entries import Kind, enter
from flows.settings import Settings

KINDS: dict[str, Kind] = {"打分": "score", "登记申诉": "appeal", "裁定申诉": "ruling"}


@flow(name="单位自评", flow_run_name=run_name, validate_parameters=False)
def report_self(form: SelfReport) -> State[str]:
    """Take a unit's report of itself. Without Prefect: ``juzhen appraise self_report``."""
    return run_form(SelfReport, form, _reported)


@flow(name="考核打分", flow_run_name=run_name, validate_parameters=False)
def score_appraisal(form: ScoreAppraisal) -> State[str]:
    """Take a score, an appeal or a ruling. Without Prefect: ``juzhen appraise``."""
    return run_form(ScoreAppraisal, form, _scored)


def _reported(settings: Settings, given: SelfReport, moment: datetime) -> Done:
    return Done(enter(settings, "self_report", given.model_dump(), given.answered_by, moment))


def _scored(settings: Settings, given: ScoreAppraisal, moment: datetime) -> Done:
    return Done(enter(settings, KINDS[given.kind], given.model_dump(), given.answered_by, moment))
