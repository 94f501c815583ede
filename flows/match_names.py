"""比对名称: a list of names from the inbox against the register, or against another list."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.boards import shown
from flows.operations.matching_forms import match_inbox
from flows.operations.matching_sheet import found_page, found_sentence
from flows.report_forms import MatchNames
from flows.settings import Settings

PAGE, TITLE = "match-result", "名称比对"


@flow(name="比对名称", flow_run_name=run_name, validate_parameters=False)
def match_names(form: MatchNames) -> State[str]:
    """Compare a list of the inbox; the verdicts and a workbook go to the outbox.

    Without Prefect: ``juzhen match``.
    """
    return run_form(MatchNames, form, _matched)


def _matched(settings: Settings, given: MatchNames, moment: datetime) -> Done:
    done = match_inbox(settings, given.file_name, given.register_file, given.answered_by, moment)
    where = (
        f"全部结果：documents 文件夹中的 {shown(done.table.name)}；疑似账号：{shown(done.sheet.name)}。"
        "确属可疑的，请用「登记举报」登记。"
    )
    publish_page(PAGE, found_page(done.outcome, where), TITLE)
    sentence = f"{found_sentence(done.outcome)}；结果见看板「{TITLE}」"
    bad = len(done.outcome.problems)
    return Done(sentence, problem=f"有 {bad} 行有问题，见看板" if bad else "")
