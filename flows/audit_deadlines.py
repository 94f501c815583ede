"""时限审计: look for what sweep and dispatch missed; a finding fails the run and is told at once."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.channels import tell_findings
from flows.clock import now
from flows.operations import escalation
from flows.settings import read_settings


class AuditAlarmError(RuntimeError):
    """The audit found something; the text lists it."""


@flow(name="时限审计")
def audit_deadlines() -> None:
    """Run every check; alarms in chat and fails on a finding. Without Prefect: ``juzhen audit``."""
    settings = read_settings()
    result = escalation.audit(settings, now())
    lines = [f"- {finding.sentence}:{'、'.join(finding.examples)}" for finding in result.findings]
    text = "\n".join(lines) or "全部检查通过。"
    publish_page("audit", text, "时限审计")
    if not result.is_clean:
        tell_findings(settings, result, now())
        raise AuditAlarmError(text)
