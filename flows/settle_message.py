"""消息处置: a person settles a message that may not have arrived."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import TOLD, SettleMessage
from flows.form_runs import Done, run_form, run_name
from flows.operations import repair
from flows.settings import Settings


@flow(name="消息处置", flow_run_name=run_name, validate_parameters=False)
def settle_message(form: SettleMessage) -> State[str]:
    """Record who was told, or queue again. Without Prefect: ``juzhen told``, ``juzhen resend``."""
    return run_form(SettleMessage, form, _settled)


def _settled(settings: Settings, given: SettleMessage, moment: datetime) -> Done:
    key = given.message.strip()
    if given.decision == TOLD:
        repair.acknowledge(settings, key, given.remark, given.answered_by, moment)
        return Done("已登记：收件人已另行告知", repair.case_of(settings, key))
    new_key = repair.resend(settings, key, given.remark, given.answered_by, moment)
    return Done("已重新排队，一分钟内送出", repair.case_of(settings, new_key))
