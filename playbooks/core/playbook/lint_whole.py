"""Faults of what is declared for a whole playbook: its origin, validity, marking, closing, review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbooks.core.playbook.lint_flow import Fault
from playbooks.core.playbook.lint_ladders import ladder_faults, limit_faults
from playbooks.core.playbook.model import Ask, Draft, Playbook, ReviewReport, Send, SubPlaybook


def whole_faults(playbook: Playbook) -> Iterator[Fault]:
    """Yield faults of what stands beside the steps, its review left out."""
    yield from ((("derived_from",), what) for what in _origin_faults(playbook))
    first_on, last_on = playbook.valid.first_on, playbook.valid.last_on
    if first_on and last_on and last_on < first_on:
        yield ("valid",), f"valid until {last_on} ends before it begins"
    marking = playbook.marking
    if marking and marking.tlp == "red" and marking.egress != "internal_only":
        yield ("marking",), "tlp: red needs egress: internal_only"
    first = next((step for step in playbook.steps if step.id == playbook.start), None)
    if isinstance(first, Ask) and first.marks == "each_reporter_answered":
        yield ("start",), "start answers reporters before any is known"
    yield from ((("close_requires",), what) for what in _closing_faults(playbook))
    for key, role in whole_roles(playbook).items():
        if role not in playbook.roles:
            yield (key,), f"{key} names {role}, which is not declared under roles"


def _closing_faults(playbook: Playbook) -> Iterator[str]:
    for requirement in playbook.close_requires:
        for what in requirement_faults(playbook, requirement):
            yield f"close_requires names {what}"
    if len(set(playbook.close_requires)) != len(playbook.close_requires):
        yield "close_requires names something twice"


def whole_roles(playbook: Playbook) -> dict[str, str]:
    """Return the roles that are named for the whole playbook: the key that names one -> the role."""
    early = playbook.close_early
    named = {
        "close_early": early.approver if early else None,
        "on_exception": playbook.on_exception,
    }
    return {key: role for key, role in named.items() if role}


def requirement_faults(playbook: Playbook, requirement: str) -> Iterator[str]:
    """Yield why no case could ever meet a requirement."""
    marks = {step.marks for step in playbook.steps if isinstance(step, Ask)}
    if requirement == "every_reporter_answered" and not marks - {None}:
        yield f"{requirement}, which no ask step marks"
    if requirement == "receipts_recorded" and not any(
        isinstance(step, Send) for step in playbook.steps
    ):
        yield f"{requirement}, but no step sends anything"


def review_faults(playbook: Playbook) -> Iterator[Fault]:
    """Yield faults of the after-action review."""
    review = playbook.review
    if review is None:
        return
    for name in ("escalate", "measures_escalate"):
        for what in ladder_faults(getattr(review, name)):
            yield ("review", name), f"review: {what}"
    yield from _report_faults(playbook, review.report)
    for role in sorted(review_roles(playbook) - set(playbook.roles)):
        yield ("review",), f"review names the role {role}, which is not declared under roles"
    for what in limit_faults(review.due):
        yield ("review", "due"), f"review: {what}"
    if review.due.since != "step_started":
        yield ("review", "due"), "review: the clock starts when the case closes and has no since"
    for outcome in sorted(set(review.after) - set(playbook.outcomes)):
        yield ("review", "after"), f"review: there is no outcome {outcome}"


def _report_faults(playbook: Playbook, report: ReviewReport | None) -> Iterator[Fault]:
    if report:
        for what in _of_report(playbook, report):
            yield ("review", "report"), f"review: {what}"


def _of_report(playbook: Playbook, report: ReviewReport) -> Iterator[str]:
    """Yield faults of the report that the review becomes: its limit, its ladder, its signatures."""
    yield from ladder_faults(report.escalate)
    yield from limit_faults(report.due)
    yield from chain_faults(playbook, report.chain)
    if report.due.since != "step_started":
        yield "the report's clock starts when it is drafted and has no since"
    if any(report.letter in step.letters for step in playbook.steps if isinstance(step, Draft)):
        yield f"the report {report.letter} is written by a step of the case already"


def chain_faults(playbook: Playbook, signing: Sequence[str]) -> Iterator[str]:
    """Yield why one person could sign a chain twice."""
    if len(set(signing)) != len(signing):
        yield "a role stands in the chain twice"
    for index, role in enumerate(signing):
        declared = playbook.roles.get(role)
        for earlier in signing[:index]:
            if declared and earlier != role and earlier not in declared.not_same_as:
                yield f"{role} needs not_same_as: [{earlier}], or one person signs twice"


def review_roles(playbook: Playbook) -> set[str]:
    """Return the roles that the after-action review gives work to."""
    review = playbook.review
    if review is None:
        return set()
    ladders = [*review.escalate, *review.measures_escalate]
    if review.report:
        ladders += review.report.escalate
    signing = review.report.chain if review.report else ()
    return {review.owner, review.measures_owner, *signing, *(rung.to for rung in ladders)}


def _origin_faults(playbook: Playbook) -> Iterator[str]:
    if playbook.derived_from is None:
        return
    name, _, version = playbook.derived_from.partition("@")
    if name == playbook.id and int(version) >= playbook.version:
        yield f"derived_from names {playbook.derived_from}, which is no earlier version"


def referenced(playbook: Playbook) -> Iterator[SubPlaybook]:
    """Yield the steps that open a case of another playbook."""
    yield from (step for step in playbook.steps if isinstance(step, SubPlaybook))
