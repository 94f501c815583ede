"""重建看板: draw every board again, for when one looks wrong or was cleaned away."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_boards
from flows.form_runs import Done, run_action, run_name
from flows.settings import Settings


@flow(name="重建看板", flow_run_name=run_name)
def redraw_boards() -> State[str]:
    """Draw every board from the ledger's tables. Without Prefect: ``juzhen publish``."""

    def act(settings: Settings, moment: datetime) -> Done:
        publish_boards(settings, moment)
        return Done("看板已全部重画")

    return run_action(act)
