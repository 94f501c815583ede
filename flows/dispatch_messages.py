"""消息发送: send what the outbox holds to the team chat."""

from __future__ import annotations

from prefect import flow, get_run_logger

from flows.channels import open_sender
from flows.clock import now
from flows.operations import escalation
from flows.settings import read_settings


@flow(name="消息发送")
def dispatch_messages() -> int:
    """Send queued messages; returns how many arrived. Without Prefect: ``juzhen dispatch``."""
    settings = read_settings()
    sender = open_sender(settings)
    result = escalation.dispatch(settings, sender, now, sender.channels.routing)
    get_run_logger().info(
        "送达 %d 条，稍后重试 %d 条，结果不明 %d 条，失败 %d 条",
        result.delivered,
        result.queued_again,
        result.unknown,
        result.failed,
    )
    return result.delivered
