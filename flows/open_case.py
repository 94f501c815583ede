"""立案: open a case from the form, or join the report to the open case of the same matter."""

from __future__ import annotations

import uuid
from typing import Any

from prefect import flow

from flows.artifacts import publish_case
from flows.clock import now
from flows.operations import cases
from flows.settings import read_settings
from playbooks.core.cases.store import Report


@flow(name="立案")
def open_case(form: dict[str, Any], playbook_id: str) -> str:
    """Open a case and show its page; the run's result is the case number.

    Without Prefect: ``juzhen open``.

    Args:
        form: the playbook's inputs and ``answered_by``.
        playbook_id: which playbook; fixed by the deployment.
    """
    settings = read_settings()
    moment = now()
    inputs = {name: value for name, value in form.items() if name != "answered_by"}
    report = Report(f"form:{uuid.uuid4().hex}")
    changed = cases.open_case(
        settings, playbook_id, inputs, report, str(form["answered_by"]), moment
    )
    publish_case(settings, changed.case_id, moment)
    return changed.case_id
