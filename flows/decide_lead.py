"""处理事件线索: open a case from a lead, or put leads aside; one form, one step."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.incident_forms import SUGGESTED, DecideLead
from flows.links import addresses
from flows.operations.incident_lead_board import LEADS, OPEN, TITLE, lead_page
from flows.operations.incident_leads import Opening, dismiss_leads, lead_numbers, open_lead
from flows.settings import Settings


@flow(name="处理事件线索", flow_run_name=run_name, validate_parameters=False)
def decide_lead(form: DecideLead) -> State[str]:
    """Decide about leads; the run's result is the case number, or none.

    Without Prefect: ``juzhen open-lead`` and ``juzhen dismiss-leads``.
    """
    return run_form(DecideLead, form, _decided)


def _decided(settings: Settings, given: DecideLead, moment: datetime) -> Done:
    done = (
        _opened(settings, given, moment)
        if given.decision == OPEN
        else _dismissed(settings, given, moment)
    )
    publish_page(LEADS, lead_page(settings, addresses(settings), moment), TITLE)
    return done


def _opened(settings: Settings, given: DecideLead, moment: datetime) -> Done:
    (number,) = lead_numbers(given.number, most=1)
    kind = "" if given.kind == SUGGESTED else given.kind
    asked = Opening(kind, given.title, given.facts, given.known_at)
    opened = open_lead(settings, number, asked, given.answered_by, moment)
    word = "并入在办案件" if opened.is_joined else "已立案，开始计时"
    return Done(f"{number} 号线索{word}：{opened.case_id}", opened.case_id, opened.undrafted)


def _dismissed(settings: Settings, given: DecideLead, moment: datetime) -> Done:
    numbers = lead_numbers(given.number)
    dismiss_leads(settings, numbers, given.reason, given.answered_by, moment)
    return Done(f"已排除 {len(numbers)} 条线索，以后不再提示")
