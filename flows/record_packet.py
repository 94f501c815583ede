"""登记数据包: that a packet was signed, sent, received, published or sent back."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.packet_records import Recorded, packet_states, packets_markdown, record
from flows.operations.packet_scope import packet_of
from flows.packet_forms import RecordPacket
from flows.settings import Settings
from playbooks.statistics.period import named_code


@flow(name="登记数据包", flow_run_name=run_name, validate_parameters=False)
def record_packet(form: RecordPacket) -> State[str]:
    """Record what was done with a packet. Without Prefect: ``juzhen packet-record``."""
    return run_form(RecordPacket, form, _recorded)


def _recorded(settings: Settings, given: RecordPacket, moment: datetime) -> Done:
    asked = packet_of(named_code(given.year, given.period), given.unit_id, given.account_id)
    done = Recorded(given.act, given.done_on, given.who, given.note, given.scan)
    state = record(settings, asked, done, given.answered_by, moment)
    publish_page("packet", packets_markdown(packet_states(settings)), "数据包")
    return Done(f"已登记 {asked.name}：{state.text}")
