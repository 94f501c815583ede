"""处理问题: one form acts on many problems of the list."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_boards, publish_page
from flows.finding_forms import SettleFindings
from flows.form_runs import Done, run_form, run_name
from flows.links import addresses
from flows.operations.finding_acts import Wanted, settle
from flows.operations.finding_board import FINDINGS, TITLE, board_page
from flows.settings import Settings


@flow(name="处理问题", flow_run_name=run_name, validate_parameters=False)
def settle_findings(form: SettleFindings) -> State[str]:
    """Act on problems; the run's result is the case when one alone was opened.

    Without Prefect: ``juzhen settle-findings``.
    """
    return run_form(SettleFindings, form, _settled)


def _settled(settings: Settings, given: SettleFindings, moment: datetime) -> Done:
    wanted = Wanted(**given.model_dump(exclude={"answered_by"}))
    done = settle(settings, wanted, given.answered_by, moment)
    publish_page(FINDINGS, board_page(settings, addresses(settings), moment), TITLE)
    if len(done.cases) == 1:
        return Done(done.sentence, done.cases[0], done.undrafted)
    publish_boards(settings, moment)
    return Done(done.sentence, problem=done.undrafted)
