"""演练: play a script on a simulated clock and show the evaluation; nothing is sent."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.forms import RunDrill
from flows.operations import drills
from flows.operations.boards import shown
from flows.operations.drill_script import Script, read_script, shipped_scripts
from flows.settings import Settings

PAGE, TITLE = "drill", "最近一次演练"


@flow(name="演练", flow_run_name=run_name, validate_parameters=False)
def run_drill(form: RunDrill) -> State[str]:
    """Run one drill. Without Prefect: ``juzhen drill 预案 --script 脚本 --out 文件夹``."""
    return run_form(RunDrill, form, _drilled)


def _drilled(settings: Settings, given: RunDrill, moment: datetime) -> Done:
    name = given.script.strip()
    script = read_script(shipped_scripts().get(name, settings.inbox / Path(name).name))
    made = drills.run(settings, script, _folder(settings, moment))
    publish_page(PAGE, _page(script, made), TITLE)
    return Done(
        f"{script.title}：{_figures(made)}。逐项结果见看板「{TITLE}」，评估报告在 {made.folder}"
    )


def _folder(settings: Settings, moment: datetime) -> Path:
    """Return a folder that no other drill has, two of one second included."""
    drills_folder, stem = settings.outbox / "drills", f"{moment:%Y%m%dT%H%M%SZ}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(drills_folder / name for name in names if not (drills_folder / name).exists())


def _figures(made: drills.DrillMade) -> str:
    told = made.figures
    return (
        f"时限 {told['deadlines']} 项，按时 {told['met']}，超时限 {told['late']}，未完成 {told['open']}；"
        f"提醒 {told['rungs']} 次，消息 {told['messages']} 条，均未发出"
    )


def _page(script: Script, made: drills.DrillMade) -> str:
    lines = [
        f"## 演练评估：{shown(script.title)}",
        "",
        f"{_figures(made)}。",
        "",
        f"评估报告与标明「演练」的函件在 `{made.folder}`。",
        "",
        "| 时限 | 到期 | 结果 |",
        "|---|---|---|",
        *(f"| {shown(title)} | {due} | {verdict} |" for title, due, verdict in made.deadlines),
    ]
    return "\n".join(lines)
