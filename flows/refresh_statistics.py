"""夜间采集: take in the drop folder, fetch every account's statistics, build the marts, show a summary."""

from __future__ import annotations

from prefect import flow

from flows import clock
from flows.artifacts import publish_page
from flows.operations import statistics
from flows.operations.drop_folder import take_all
from flows.operations.drop_report import drop_markdown, refused_in
from flows.operations.night_summary import summary_markdown
from flows.settings import read_settings
from flows.watch_sources import watch_sources


class NightIncompleteError(RuntimeError):
    """Something could not be had; what could be had is in the catalog."""


@flow(name="夜间采集")
def refresh_statistics() -> str:
    """Run one night and show its summary; fails when something is missing, after keeping the rest.

    Without Prefect: ``juzhen refresh``.
    """
    settings = read_settings()
    moment = clock.now()
    dropped = take_all(settings, moment, is_built_later=True)
    night = statistics.refresh(settings, moment, statistics.Pace(clock.now))
    text = summary_markdown(settings, night, moment) + "\n" + drop_markdown(dropped)
    publish_page("nightly-summary", text, "夜间采集情况")
    watch_sources.fn()
    if not night.is_complete or refused_in(dropped):
        raise NightIncompleteError("本次采集不完整，详见「夜间采集情况」")
    return night.run_id
