"""生成数据包: the Article 32 packet of a period, for the district, a unit, an account or every unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations import packet_batch, packets
from flows.operations.packet_records import packet_states, packets_markdown
from flows.operations.packet_scope import PacketOf, packet_of
from flows.packet_forms import EACH_UNIT, MakePacket
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.statistics.period import named_code


@flow(name="生成数据包", flow_run_name=run_name, validate_parameters=False)
def make_packet(form: MakePacket) -> State[str]:
    """Make the packet and show where its files lie. Without Prefect: ``juzhen packet 2026Q3``."""
    return run_form(MakePacket, form, _made)


def _made(settings: Settings, given: MakePacket, moment: datetime) -> Done:
    asked = packet_of(named_code(given.year, given.period), given.unit_id, given.account_id)
    if given.how_many == EACH_UNIT:
        return _made_for_units(settings, given, asked, moment)
    if given.as_of:
        return _made_again(settings, asked, given.as_of)
    made = packets.make(settings, asked, moment, None)
    _show(settings, [str(path) for path in made.paths])
    return Done(f"已生成 {asked.period.label}数据包 {asked.name}，文件位置见看板「数据包」")


def _made_for_units(
    settings: Settings, given: MakePacket, asked: PacketOf, moment: datetime
) -> Done:
    if given.unit_id or given.account_id or given.as_of:
        raise AnswerError("「每个单位各一份」时，单位、账号、照当时重做都不填")
    batch = packet_batch.make_every_unit(settings, asked.period, moment, None)
    _show(settings, [str(folder) for folder in batch.folders])
    problem = f"{len(batch.skipped)} 个单位没有账号，未生成" if batch.skipped else ""
    return Done(
        f"已生成 {len(batch.folders)} 个单位的{asked.period.label}数据包"
        + (f"；{problem}" if problem else "")
    )


def _made_again(settings: Settings, asked: PacketOf, as_of: str) -> Done:
    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise AnswerError(f"{as_of} 不是日期；应如 2026-10-10") from error
    made = packets.make_again(settings, asked, day, None)
    _show(settings, [str(path) for path in made.paths])
    sentence = f"已照当时的底数重新生成 {asked.name}"
    if made.differing:
        return Done(sentence, problem=f"与当时不一致的文件：{'、'.join(made.differing)}")
    return Done(f"{sentence}，每个文件都与当时逐字节一致")


def _show(settings: Settings, paths: Sequence[str]) -> None:
    publish_page("packet", packets_markdown(packet_states(settings), paths), "数据包")
