"""时限巡查: claim every escalation that is due. Every minute, overlapping runs are harmless."""

from __future__ import annotations

from prefect import flow, get_run_logger

from flows.artifacts import publish_boards
from flows.clock import now
from flows.operations import escalation
from flows.operations.system_steps import carry_on
from flows.settings import read_settings


@flow(name="时限巡查")
def sweep_deadlines() -> int:
    """Claim what is due, draft letters still owed, redraw the boards; returns rungs claimed.

    Without Prefect: ``juzhen sweep``, also from an operating-system timer.
    """
    settings = read_settings()
    moment = now()
    results = escalation.sweep(settings, moment)
    claimed = sum(result.claimed for result in results)
    if claimed:
        latest_s = max(result.latest_s for result in results)
        get_run_logger().info("执行提醒 %d 级，最晚迟 %.0f 秒", claimed, latest_s)
    publish_boards(settings, moment)
    # Last, because a letter that cannot be drafted fails this run and must hold up nothing else.
    carry_on(settings, moment)
    return claimed
