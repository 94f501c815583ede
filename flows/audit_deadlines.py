"""时限审计: look for what sweep and dispatch missed; a finding fails the run and is told at once."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.channels import tell_findings
from flows.clock import now
from flows.operations import escalation
from flows.operations.audit_page import audit_markdown
from flows.settings import read_settings


class AuditAlarmError(RuntimeError):
    """The audit found something; the text lists it."""


@flow(name="时限审计")
def audit_deadlines() -> None:
    """Run every check; alarms in chat and fails on a finding. Without Prefect: ``juzhen audit``."""
    settings = read_settings()
    result = escalation.audit(settings, now())
    publish_page("audit", audit_markdown(result, now()), "时限审计")
    if not result.is_clean:
        tell_findings(settings, result, now())
        lines = [f"{found.sentence}：{'、'.join(found.examples)}" for found in result.findings]
        raise AuditAlarmError("\n".join(lines))
