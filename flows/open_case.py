"""立案: open a case from the form, or join the report to the open case of the same matter."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from prefect import State, flow

from flows.form_checks import given_text
from flows.form_runs import Done, run_action, run_name
from flows.operations import cases
from flows.settings import Settings
from playbooks.core.cases.store import Report


@flow(name="立案", flow_run_name=run_name)
def open_case(form: dict[str, Any], playbook_id: str) -> State[str]:
    """Open a case and show its page; the run's result is the case number.

    Without Prefect: ``juzhen open``.

    Args:
        form: the playbook's inputs and ``answered_by``.
        playbook_id: which playbook; fixed by the deployment.
    """

    def act(settings: Settings, moment: datetime) -> Done:
        inputs = {name: value for name, value in form.items() if name != "answered_by"}
        person = given_text(form, "answered_by", "填报人")
        report = Report(f"form:{uuid.uuid4().hex}")
        changed = cases.open_case(settings, playbook_id, inputs, report, person, moment)
        word = "已并入原案" if changed.is_joined else "已立案，开始计时"
        return Done(f"{word}：{changed.case_id}", changed.case_id)

    return run_action(act)
