"""审核疑似账号: one form accepts some of the suspects that wait and dismisses others."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_boards, publish_page
from flows.form_runs import Done, run_form, run_name
from flows.links import addresses
from flows.operations.suspect_board import SUSPECTS, TITLE, suspect_page
from flows.operations.suspect_queue import review
from flows.report_forms import ReviewSuspects
from flows.settings import Settings


@flow(name="审核疑似账号", flow_run_name=run_name, validate_parameters=False)
def review_suspects(form: ReviewSuspects) -> State[str]:
    """Accept and dismiss suspects; the run's result is the case when one alone was accepted.

    Without Prefect: ``juzhen review-suspects``.
    """
    return run_form(ReviewSuspects, form, _reviewed)


def _reviewed(settings: Settings, given: ReviewSuspects, moment: datetime) -> Done:
    reviewed = review(
        settings, given.accept, given.dismiss, given.reason, given.answered_by, moment
    )
    publish_page(SUSPECTS, suspect_page(settings, addresses(settings)), TITLE)
    cases = {case_id for case_id, _ in reviewed.cases.values()}
    if len(cases) == 1:
        return Done(reviewed.sentence, cases.pop())
    publish_boards(settings, moment)
    return Done(reviewed.sentence)
