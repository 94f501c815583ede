"""生成数据包: the Article 32 packet of one quarter."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.forms import QUARTERS, MakePacket
from flows.operations import packets
from flows.settings import Settings


@flow(name="生成数据包", flow_run_name=run_name, validate_parameters=False)
def make_packet(form: MakePacket) -> State[str]:
    """Make the packet and show where its files lie. Without Prefect: ``juzhen packet 2026Q3``."""
    return run_form(MakePacket, form, _made)


def _made(settings: Settings, given: MakePacket, moment: datetime) -> Done:
    period = f"{given.year}Q{QUARTERS.index(given.quarter) + 1}"
    made = packets.make(settings, period, None, moment, None)
    lines = "\n".join(f"- `{path}`" for path in made.paths)
    publish_page("packet", f"## {period} 数据包\n\n{lines}", "数据包")
    return Done(f"已生成 {given.year} 年{given.quarter}数据包，文件位置见看板「数据包」")
