"""填写分析: one analysis paragraph of a packet."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.form_runs import Done, run_form, run_name
from flows.operations import packet_analysis
from flows.operations.packet_scope import packet_of
from flows.packet_forms import TAKE_OVER, WriteAnalysis
from flows.settings import Settings
from playbooks.statistics.period import named_code


@flow(name="填写分析", flow_run_name=run_name, validate_parameters=False)
def write_analysis(form: WriteAnalysis) -> State[str]:
    """Record what somebody wrote. Without Prefect: ``juzhen analysis``."""
    return run_form(WriteAnalysis, form, _written)


def _written(settings: Settings, given: WriteAnalysis, moment: datetime) -> Done:
    asked = packet_of(named_code(given.year, given.period), given.unit_id, given.account_id)
    texts = packet_analysis.named_sections({given.section: given.text})
    if given.mode == TAKE_OVER:
        texts = packet_analysis.taken_over(settings, asked, [given.section])
    packet_analysis.write_analysis(settings, asked, texts, given.answered_by, moment)
    return Done(
        f"已记下 {asked.period.label} {asked.name} 的「{given.section}」；"
        "请再提交「生成数据包」写入文件"
    )
