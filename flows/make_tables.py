"""台账数据表: make the tables that the office hands in."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.check_forms import MakeTables
from flows.form_runs import Done, run_form, run_name
from flows.operations.register_tables import make_table
from flows.settings import Settings


@flow(name="台账数据表", flow_run_name=run_name, validate_parameters=False)
def make_tables(form: MakeTables) -> State[str]:
    """Make one table as .xlsx and .csv. Without Prefect: ``juzhen table``."""
    return run_form(MakeTables, form, _made)


def _made(settings: Settings, given: MakeTables, moment: datetime) -> Done:
    mapping, paths, count = make_table(settings, given.table, moment)
    return Done(
        f"{mapping.title}（{mapping.label}）{count} 行："
        f"{'、'.join(path.name for path in paths)}，在 {paths[0].parent}"
    )
