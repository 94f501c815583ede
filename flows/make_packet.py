"""生成数据包: the Article 32 packet of one quarter."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import MakePacket
from flows.operations import packets
from flows.settings import read_settings

QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


@flow(name="生成数据包")
def make_packet(form: MakePacket) -> str:
    """Make the packet and show where its files lie. Without Prefect: ``juzhen packet 2026Q3``."""
    settings = read_settings()
    period = f"{form.year}Q{QUARTERS.index(form.quarter) + 1}"
    made = packets.make(settings, period, None, now(), None)
    lines = "\n".join(f"- `{path}`" for path in made.paths)
    publish_page("packet", f"## {period} 数据包\n\n{lines}", "数据包")
    return period
