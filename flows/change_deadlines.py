"""暂停时限、恢复时限、延长时限: what a person may do to an internal limit; each is on record."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import ExtendDeadline, PauseDeadline, ResumeDeadline
from flows.form_runs import Done, run_form, run_name
from flows.operations import deadlines
from flows.operations.named import deadline_named
from flows.settings import Settings


@flow(name="暂停时限", flow_run_name=run_name, validate_parameters=False)
def pause_deadline(form: PauseDeadline) -> State[str]:
    """Stop a clock for a declared reason. Without Prefect: ``juzhen pause``."""
    return run_form(PauseDeadline, form, _paused)


@flow(name="恢复时限", flow_run_name=run_name, validate_parameters=False)
def resume_deadline(form: ResumeDeadline) -> State[str]:
    """Let a clock run again. Without Prefect: ``juzhen resume``."""
    return run_form(ResumeDeadline, form, _resumed)


@flow(name="延长时限", flow_run_name=run_name, validate_parameters=False)
def extend_deadline(form: ExtendDeadline) -> State[str]:
    """Add to a limit with somebody's approval. Without Prefect: ``juzhen extend``."""
    return run_form(ExtendDeadline, form, _extended)


def _paused(settings: Settings, given: PauseDeadline, moment: datetime) -> Done:
    deadline_id = deadline_named(settings, given.case_id.strip(), given.deadline)
    changed = deadlines.pause(settings, deadline_id, given.reason, given.answered_by, moment)
    return Done(f"时限已暂停：{given.reason}；事由消除后请用「恢复时限」", changed.case_id)


def _resumed(settings: Settings, given: ResumeDeadline, moment: datetime) -> Done:
    deadline_id = deadline_named(settings, given.case_id.strip(), given.deadline)
    changed = deadlines.resume(settings, deadline_id, given.answered_by, moment)
    return Done("时限已恢复，按余下的时间重新推算", changed.case_id)


def _extended(settings: Settings, given: ExtendDeadline, moment: datetime) -> Done:
    deadline_id = deadline_named(settings, given.case_id.strip(), given.deadline)
    changed = deadlines.extend(
        settings,
        deadline_id,
        given.extra,
        given.approved_by,
        given.reason,
        given.answered_by,
        moment,
    )
    return Done(f"时限已延长 {given.extra}，批准人 {given.approved_by}", changed.case_id)
