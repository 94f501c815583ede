"""追溯、检查、更正、数据源、格式声明: what people ask about figures, from the interface.

Each shows its answer on a board of its own; the command beside it is named in every docstring.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.figure_forms import (
    CHECK_ONLY,
    NO_FIGURE,
    DeclareCorrection,
    MapLayout,
    TraceFigure,
    TrySource,
    WithdrawCorrection,
)
from flows.form_runs import Done, run_action, run_form, run_name
from flows.links import addresses
from flows.operations import check_text, corrections, layout_mapping, source_trial, trace_text
from flows.operations.boards import shown
from flows.operations.source_list import describe_sources, source_lines
from flows.publish_forms import publish_all
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.messages import local
from playbooks.core.working_hours import local_day

MOST_LINES = 400
CHECK_ROWS = 5


@flow(name="追溯数字", flow_run_name=run_name, validate_parameters=False)
def trace_figure(form: TraceFigure) -> State[str]:
    """Follow a figure back. Without Prefect: ``juzhen trace``."""
    return run_form(TraceFigure, form, _traced)


@flow(name="质量检查", flow_run_name=run_name)
def check_figures() -> State[str]:
    """Run every check. Without Prefect: ``juzhen checks``."""
    return run_action(_checked)


@flow(name="声明更正", flow_run_name=run_name, validate_parameters=False)
def declare_correction(form: DeclareCorrection) -> State[str]:
    """Declare a correction. Without Prefect: ``juzhen correct``."""
    return run_form(DeclareCorrection, form, _declared)


@flow(name="撤回更正", flow_run_name=run_name, validate_parameters=False)
def withdraw_correction(form: WithdrawCorrection) -> State[str]:
    """Take a correction back. Without Prefect: ``juzhen withdraw-correction``."""
    return run_form(WithdrawCorrection, form, _withdrawn)


@flow(name="数据源一览", flow_run_name=run_name)
def list_sources() -> State[str]:
    """Show every source and the layouts that wait. Without Prefect: ``juzhen sources``."""
    return run_action(_listed)


@flow(name="试取数据源", flow_run_name=run_name, validate_parameters=False)
def try_source(form: TrySource) -> State[str]:
    """Ask one source now. Without Prefect: ``juzhen try-source``."""
    return run_form(TrySource, form, _tried)


@flow(name="格式声明", flow_run_name=run_name, validate_parameters=False)
def map_layout(form: MapLayout) -> State[str]:
    """Map an unknown export file once. Without Prefect: ``juzhen map-layout``."""
    return run_form(MapLayout, form, _mapped)


def _traced(settings: Settings, given: TraceFigure, moment: datetime) -> Done:
    wanted = trace_text.WantedTrace(
        given.metric, given.when, given.account_id, given.unit_id.strip()
    )
    traced = trace_text.trace(settings, wanted, local_day(moment))
    _show("figure-trace", "追溯数字", traced.lines, moment)
    return Done(f"{traced.lines[0]}　来历见看板「追溯数字」")


def _checked(settings: Settings, moment: datetime) -> Done:
    found = check_text.checks_now(settings, local_day(moment))
    lines = list(check_text.check_lines(found, CHECK_ROWS))
    _show("figure-checks", "质量检查", lines, moment)
    failures = sum(one.is_failure for one in found)
    problem = f"有 {failures} 项不应出现，见看板「质量检查」" if failures else ""
    return Done(lines[-1], problem=problem)


def _declared(settings: Settings, given: DeclareCorrection, moment: datetime) -> Done:
    is_withdrawal = given.change == NO_FIGURE
    if is_withdrawal == bool(given.value):
        raise AnswerError("选「改为下面填写的数」须填「更正为」，选「不采信」则不填")
    wanted = corrections.WantedCorrection(
        given.account_id,
        given.metric,
        given.stat_date,
        None if is_withdrawal else float(given.value),
        given.reason,
        given.answered_by,
        _day(given.expires_on),
    )
    is_preview = given.mode == CHECK_ONLY
    sentence = corrections.declare(settings, wanted, moment, is_preview=is_preview)
    if not is_preview:
        _show_corrections(settings, moment)
    return Done(sentence)


def _withdrawn(settings: Settings, given: WithdrawCorrection, moment: datetime) -> Done:
    sentence = corrections.withdraw(
        settings, given.correction_id, given.reason, given.answered_by, moment
    )
    _show_corrections(settings, moment)
    return Done(sentence)


def _show_corrections(settings: Settings, moment: datetime) -> None:
    _, lines = corrections.standing(settings, moment)
    _show("corrections", "更正", lines, moment)
    publish_all(settings)  # the list of corrections that can be taken back has changed


def _listed(settings: Settings, moment: datetime) -> Done:
    described, faults = describe_sources(settings, moment)
    _show("sources", "数据源一览", source_lines(described, faults), moment)
    publish_all(settings)
    configured = sum(one.is_configured for one in described)
    problem = f"{len(faults)} 个不能采集，见看板「数据源一览」" if faults else ""
    sentence = f"共 {len(described)} 个数据源，已配置 {configured} 个，见看板「数据源一览」"
    return Done(sentence, problem=problem)


def _tried(settings: Settings, given: TrySource, moment: datetime) -> Done:
    from connectors.source import Pace
    from flows import clock

    source, account_id = identifier_in(given.source), identifier_in(given.account_id)
    trial = source_trial.try_source(settings, source, account_id, moment, Pace(clock.now))
    _show("source-trial", "试取数据源", source_trial.trial_lines(trial), moment)
    problem = "" if trial.is_well else "有接口没有取得，原因见看板「试取数据源」"
    return Done(f"{source} 已答复 {len(trial.fetches)} 次请求", problem=problem)


def _mapped(settings: Settings, given: MapLayout, moment: datetime) -> Done:
    name = identifier_in(given.draft)
    draft = layout_mapping.draft_named(settings, name)
    if not given.text.strip():
        _show_draft(settings, draft, moment)
        return Done("草稿见看板「格式声明」，从其中的链接打开表单即已填好")
    is_preview = given.mode == CHECK_ONLY
    lines = layout_mapping.map_layout(settings, name, given.text, is_preview=is_preview)
    _show("layout-draft", "格式声明", lines, moment)
    if is_preview:
        return Done(f"试运行，未写入；{lines[0]}")
    publish_all(settings)
    return Done(f"已启用：{lines[0]}；请再导入一次那个文件")


def _show_draft(settings: Settings, draft: layout_mapping.Draft, moment: datetime) -> None:
    link = addresses(settings).form("格式声明", {"draft": draft.name, "text": draft.text})
    head = [f"## 格式声明 {draft.name}", "", f"截至 {local(moment)}", ""]
    opened = [f"[打开表单，已填好草稿]({link})", ""] if link else []
    fence = ["```text", draft.text.replace("```", "'''"), "```"]
    publish_page("layout-draft", "\n".join([*head, *opened, *fence]), "格式声明")


def _show(key: str, title: str, lines: Iterable[str], moment: datetime) -> None:
    """Show lines as the terminal would, for they are laid out by their indents."""
    publish_page(key, _page(title, list(lines), moment), title)


def _page(title: str, lines: list[str], moment: datetime) -> str:
    """Return the lines that a board can show, and how many it leaves out."""
    text = [f"## {title}", "", f"截至 {local(moment)}", ""]
    text += [_item(line) for line in lines[:MOST_LINES]]
    left_out = len(lines) - MOST_LINES
    if left_out > 0:
        text += ["", f"**还有 {left_out} 行没有显示**；全部内容用命令查看，命令见 juzhen --help。"]
    return "\n".join(text)


def _item(line: str) -> str:
    """Return a line as a list entry; four spaces of indent make it one of the entry before."""
    indent = "    " if line.startswith("    ") else ""
    return f"{indent}- {shown(line.strip(), 600)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AnswerError(f"「有效期至」{text} 不是日期；应如 2026-12-31") from error
