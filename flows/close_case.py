"""提前办结: close a case before its steps are done, for a reason and with somebody's approval."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import CloseCase
from flows.form_runs import Done, run_form, run_name
from flows.operations import closing
from flows.settings import Settings


@flow(name="提前办结", flow_run_name=run_name, validate_parameters=False)
def close_case(form: CloseCase) -> State[str]:
    """Close a case early. Without Prefect: ``juzhen close``."""
    return run_form(CloseCase, form, _closed)


def _closed(settings: Settings, given: CloseCase, moment: datetime) -> Done:
    asked = closing.Asked(
        given.outcome,
        given.reason,
        given.approved_by,
        given.answered_by,
        given.letters_note,
        given.reporters_note,
    )
    changed = closing.close_early(settings, given.case_id.strip(), asked, moment)
    return Done("案件已提前办结：在办步骤与时限随之终止，均已记入流水", changed.case_id)
