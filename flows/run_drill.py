"""演练: play a script on a simulated clock and show the evaluation; nothing is sent."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import RunDrill
from flows.operations import drills
from flows.operations.drill_script import read_script, shipped_scripts
from flows.settings import read_settings


@flow(name="演练")
def run_drill(form: RunDrill) -> str:
    """Run one drill. Without Prefect: ``juzhen drill 预案 --script 脚本 --out 文件夹``."""
    settings = read_settings()
    name = form.script.strip()
    script = read_script(shipped_scripts().get(name, settings.inbox / Path(name).name))
    folder = settings.outbox / "drills" / f"{now():%Y%m%dT%H%M%SZ}"
    made = drills.run(settings, script, folder)
    told = made.figures
    lines = [
        f"## 演练评估：{script.title}",
        "",
        f"时限 {told['deadlines']} 项：按时 {told['met']}，超时限 {told['late']}，未完成 {told['open']}；"
        f"提醒 {told['rungs']} 次，消息 {told['messages']} 条，均未发出。",
        "",
        f"评估报告与标明「演练」的函件在 `{folder}`。",
    ]
    publish_page("drill", "\n".join(lines), "最近一次演练")
    return str(folder)
