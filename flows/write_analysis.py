"""填写分析: one analysis paragraph of a quarter's packet."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.form_runs import Done, run_form, run_name
from flows.forms import QUARTERS, WriteAnalysis
from flows.operations import packet_analysis
from flows.settings import Settings


@flow(name="填写分析", flow_run_name=run_name, validate_parameters=False)
def write_analysis(form: WriteAnalysis) -> State[str]:
    """Record what somebody wrote. Without Prefect: ``juzhen analysis``."""
    return run_form(WriteAnalysis, form, _written)


def _written(settings: Settings, given: WriteAnalysis, moment: datetime) -> Done:
    period = f"{given.year}Q{QUARTERS.index(given.quarter) + 1}"
    texts = packet_analysis.named_sections({given.section: given.text})
    packet_analysis.write_analysis(settings, (period, None), texts, given.answered_by, moment)
    return Done(
        f"已记下 {given.year} 年{given.quarter}的「{given.section}」；请再提交「生成数据包」写入文件"
    )
