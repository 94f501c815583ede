"""登记检查结果、导入底稿: the checker's verdicts on many accounts at once, typed or from a workbook."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.check_forms import OUTCOMES, ImportWorksheet, RecordChecks
from flows.form_runs import Done, run_form, run_name
from flows.operations import spot_check_verdicts as verdicts
from flows.operations.files import inbox_paths, keep_from_inbox
from flows.operations.worksheet_intake import take_worksheet
from flows.settings import Settings


@flow(name="登记检查结果", flow_run_name=run_name, validate_parameters=False)
def record_checks(form: RecordChecks) -> State[str]:
    """Record verdicts. Without Prefect: ``juzhen check-items``."""
    return run_form(RecordChecks, form, _recorded)


@flow(name="导入底稿", flow_run_name=run_name, validate_parameters=False)
def import_worksheet(form: ImportWorksheet) -> State[str]:
    """Take in a filled worksheet. Without Prefect: ``juzhen check-items --worksheet``."""
    return run_form(ImportWorksheet, form, _imported)


def _recorded(settings: Settings, given: RecordChecks, moment: datetime) -> Done:
    seen = verdicts.Seen(
        given.accounts, given.indicators, OUTCOMES[given.verdict], given.note, given.evidence
    )
    case_id = given.case_id.strip()
    kept = keep_from_inbox(settings, given.files)
    seen = verdicts.with_files(seen, kept)
    done = verdicts.record(settings, case_id, [seen], given.answered_by, moment, kept)
    return Done(done.sentence, case_id)


def _imported(settings: Settings, given: ImportWorksheet, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    (path,) = inbox_paths(settings, [given.file_name])
    sentence = take_worksheet(settings, case_id, path, given.answered_by, moment)
    return Done(sentence, case_id)
