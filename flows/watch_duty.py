"""值班检查: show who is on duty, and warn of days nobody holds before they come."""

from __future__ import annotations

from prefect import flow

from connectors.chat import ChatMessage
from flows.artifacts import publish_page
from flows.channels import open_sender
from flows.clock import now
from flows.operations.duty import duty_gaps, duty_markdown, gap_text, read_duty
from flows.settings import read_settings


@flow(name="值班检查")
def watch_duty() -> int:
    """Publish the duty board; tells the channels of gaps in the next 14 days and returns how many.

    Without Prefect: ``juzhen duty``, which ends non-zero on a gap.
    """
    settings, moment = read_settings(), now()
    gaps = duty_gaps(settings, moment)
    publish_page("duty", duty_markdown(read_duty(settings, moment), gaps), "值班表")
    if gaps:
        open_sender(settings).alarm(
            ChatMessage(
                channel="",
                title="值班表有空档，请补排",
                lines=tuple(gap_text(gap) for gap in gaps),
                dedupe_key=f"duty:{moment.isoformat(timespec='minutes')}",
                severity="warning",
            )
        )
    return len(gaps)
