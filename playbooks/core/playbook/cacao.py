"""Export a playbook to CACAO Security Playbooks 2.0: one way, for exchange with other organisations.

CACAO has no calendar, no ladder, no separation of duties and no receipts. What it cannot say stands in
``step_extensions`` and ``playbook_extensions`` under one extension; a limit becomes the timeout that
it has from *now* on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from playbooks.core.calendar import WorkCalendar
from playbooks.core.limits import project
from playbooks.core.playbook.flow import onward
from playbooks.core.playbook.model import (
    INPUT,
    JOIN,
    TIMED,
    AnyStep,
    Approve,
    Ask,
    Branch,
    Decide,
    DecisionRow,
    End,
    Parallel,
    Playbook,
    Range,
    SubPlaybook,
    Watch,
)

Facts = dict[str, object]
EXTENSION = "business-deadline-and-handling"
SAID_IN_CACAO = frozenset(
    {"id", "version", "title", "valid", "inputs", "start", "steps", "digest", "on_exception"}
)
VARIABLES = {"number": "integer", "url": "uri"}


def cacao(playbook: Playbook, calendar: WorkCalendar, now: datetime) -> Facts:
    """Return *playbook* as a CACAO 2.0 document whose ``modified`` is *now*."""
    return _Export(playbook, calendar, now).document()


class _Export:
    def __init__(self, playbook: Playbook, calendar: WorkCalendar, now: datetime) -> None:
        self.playbook, self.calendar, self.now = playbook, calendar, now
        self.workflow: dict[str, Facts] = {}

    def identifier(self, kind: str, name: str) -> str:
        """Return a stable id; steps must be version 4, so the digest's bits are set to look it."""
        seed = hashlib.sha256(f"juzhen/{self.playbook.id}/{kind}/{name}".encode()).digest()[:16]
        return f"{kind}--{UUID(bytes=seed, version=4)}"

    def document(self) -> Facts:
        playbook, stamp = self.playbook, _stamp(self.now)
        author = self.identifier("identity", "author")
        extension = self.identifier("extension-definition", EXTENSION)
        for step in playbook.steps:
            self._step(step, extension)
        start = self.identifier("start", "start")
        self.workflow[start] = {"type": "start", "on_completion": self._id(playbook.start)}
        found: Facts = {
            "type": "playbook",
            "spec_version": "cacao-2.0",
            "id": self.identifier("playbook", "playbook"),
            "name": playbook.title,
            "created_by": author,
            "created": stamp,
            "modified": stamp,
            "labels": [f"{playbook.id}@{playbook.version}", f"sha256:{playbook.digest}"],
            "playbook_variables": self._variables(),
            "workflow_start": start,
            "workflow": self.workflow,
            "agent_definitions": self._agents(),
            "extension_definitions": {
                extension: {
                    "type": "extension-definition",
                    "name": EXTENSION,
                    "created_by": author,
                    "schema": "The step as written in the playbook: limits on a work calendar, their "
                    "basis, ladders, forms, decision tables, receipts and separation of duties.",
                    "version": "1.0.0",
                }
            },
        }
        exception = self._exception()
        whole = {"playbook_extensions": {extension: self._whole()}}
        return {**found, **exception, **whole, **self._validity(), **self._marking(author, stamp)}

    def _whole(self) -> Facts:
        """Return what is declared for the whole playbook and has no place in CACAO."""
        facts = self.playbook.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: value for name, value in facts.items() if name not in SAID_IN_CACAO}

    def _exception(self) -> Facts:
        """Return the step for what went wrong: somebody is called, and the step is tried again."""
        called = self.playbook.on_exception
        if called is None:
            return {}
        step = self.identifier("action", "on_exception")
        self.workflow[step] = {
            "type": "action",
            "name": "系统未能办理，请人处理",
            "commands": [{"type": "manual", "command": "查明原因并补正；系统随后重试原步骤"}],
            "agent": self.identifier("group", called),
        }
        return {"workflow_exception": step}

    def _validity(self) -> Facts:
        days = {
            "valid_from": self.playbook.valid.first_on,
            "valid_until": self.playbook.valid.last_on,
        }
        return {name: _stamp(_midnight(day)) for name, day in days.items() if day}

    def _marking(self, author: str, stamp: str) -> Facts:
        if self.playbook.marking is None:
            return {}
        level = f"TLP:{self.playbook.marking.tlp.upper()}"
        marking = self.identifier("marking-tlp", level)
        facts = {"type": "marking-tlp", "id": marking, "created_by": author, "created": stamp}
        return {
            "markings": [marking],
            "data_marking_definitions": {marking: {**facts, "tlpv2_level": level}},
        }

    def _variables(self) -> Facts:
        found: Facts = {}
        forms = [(INPUT, self.playbook.inputs)]
        forms += [(step.id, step.form) for step in self.playbook.steps if isinstance(step, Ask)]
        for place, form in forms:
            for field in form:
                kind = VARIABLES.get(field.type, "string")
                described: Facts = {"type": kind, "description": field.title}
                found[f"__{place}_{field.name}__"] = {**described, "external": place == INPUT}
        for step in self.playbook.steps:
            if isinstance(step, SubPlaybook):
                found[f"__{step.id}_outcome__"] = {"type": "string", "external": False}
            if isinstance(step, Decide) and step.gives:
                described = {"type": "string", "description": step.title}
                found[f"__{step.id}_value__"] = {**described, "external": False}
        return found

    def _agents(self) -> Facts:
        agents: Facts = {
            self.identifier("group", role): {"type": "group", "name": declared.title}
            for role, declared in self.playbook.roles.items()
        }
        agents[self.identifier("organization", "system")] = {
            "type": "organization",
            "name": "juzhen",
        }
        return agents

    def _id(self, step_id: str, branch: str = "") -> str:
        """Return the id of a step; a join is the end step of its branch."""
        if step_id == JOIN:
            end = self.identifier("end", f"join/{branch}")
            self.workflow[end] = {"type": "end", "name": "汇合"}
            return end
        return self.identifier(_kind(self.playbook.step(step_id)), step_id)

    def _step(self, step: AnyStep, extension: str) -> None:
        facts: Facts = {"type": _kind(step), "name": step.title}
        facts["step_extensions"] = {extension: step.model_dump(mode="json", by_alias=True)}
        facts.update(_BUILD.get(type(step), _Export._action)(self, step))
        self.workflow[self._id(step.id)] = facts

    def _action(self, step: AnyStep) -> Facts:
        owner = step.owner if isinstance(step, TIMED) else ""
        agent = ("group", owner) if owner else ("organization", "system")
        facts: Facts = {
            "commands": [{"type": "manual", "command": step.title}],
            "agent": self.identifier(*agent),
        }
        if isinstance(step, Ask):
            facts["out_args"] = [f"__{step.id}_{field.name}__" for field in step.form]
        if isinstance(step, TIMED):
            facts["timeout"] = self._timeout(step)
        follow = self._after(step)
        failed = _failure(step)
        if failed is None:
            return {**facts, "on_completion": follow}
        return {**facts, "on_success": follow, "on_failure": self._id(failed, step.id)}

    def _timeout(self, step: AnyStep) -> int:
        from playbooks.core.cases.armed import limit_of

        assert isinstance(step, TIMED)
        due_at = project(limit_of(step.due), self.now, self.calendar).due_at
        return (due_at - self.now) // timedelta(milliseconds=1)

    def _after(self, step: AnyStep) -> str:
        if isinstance(step, (Ask, SubPlaybook)) and not isinstance(step.next, str):
            rows = [(self._branch(step.id, way), way.go) for way in step.next]
            return self._chain(step.id, rows)
        return self._id(onward(step)[0], step.id)

    def _branch(self, step_id: str, way: Branch) -> str:
        return " AND ".join(f"__{step_id}_{n}__:value = '{v}'" for n, v in way.when.items())

    def _chain(self, step_id: str, rows: list[tuple[str, str]]) -> str:
        """Return the first of a chain of if-conditions; the last row is taken without one."""
        *tested, (_, last) = rows
        following = self._id(last, f"{step_id}/{len(rows)}")
        for number, (condition, target) in reversed(list(enumerate(tested))):
            this = self.identifier("if-condition", f"{step_id}/{number}")
            self.workflow[this] = {
                "type": "if-condition",
                "condition": condition,
                "on_true": self._id(target, f"{step_id}/{number}"),
                "on_false": following,
            }
            following = this
        return following

    def _decide(self, step: AnyStep) -> Facts:
        assert isinstance(step, Decide)
        first, *rest = [(_condition(row), row.go) for row in step.rows]
        return {
            "condition": first[0],
            "on_true": self._id(first[1], f"{step.id}/first"),
            "on_false": self._chain(step.id, rest),
        }

    def _parallel(self, step: AnyStep) -> Facts:
        assert isinstance(step, Parallel)
        branches = [self._id(branch) for branch in step.branches]
        return {"next_steps": branches, "on_completion": self._id(step.next, step.id)}

    def _sub(self, step: AnyStep) -> Facts:
        assert isinstance(step, SubPlaybook)
        other = f"juzhen/{step.playbook.split('@')[0]}/playbook/playbook"
        seed = hashlib.sha256(other.encode()).digest()[:16]
        return {
            "playbook_id": f"playbook--{UUID(bytes=seed, version=4)}",
            "out_args": [f"__{step.id}_outcome__"],
            "on_completion": self._after(step),
        }

    def _end(self, step: AnyStep) -> Facts:
        return {}


_BUILD: Mapping[type, Callable[[_Export, AnyStep], Facts]] = {
    Decide: _Export._decide,  # pyright: ignore[reportPrivateUsage]
    Parallel: _Export._parallel,  # pyright: ignore[reportPrivateUsage]
    SubPlaybook: _Export._sub,  # pyright: ignore[reportPrivateUsage]
    End: _Export._end,  # pyright: ignore[reportPrivateUsage]
}


def _kind(step: AnyStep) -> str:
    kinds: Mapping[type, str] = {
        Decide: "if-condition",
        Parallel: "parallel",
        SubPlaybook: "playbook-action",
        End: "end",
    }
    return kinds.get(type(step), "action")


def _failure(step: AnyStep) -> str | None:
    if isinstance(step, Approve):
        return step.on_reject
    if isinstance(step, Watch):
        return step.on_reappear
    if isinstance(step, TIMED):
        return step.on_expire
    return getattr(step, "on_failure", None)


def _condition(row: DecisionRow) -> str:
    parts: list[str] = []
    for source, condition in row.when.items():
        name = f"__{source.replace('.', '_')}__:value"
        if isinstance(condition, Range):
            parts += [f"{name} >= {condition.at_least}"] if condition.at_least is not None else []
            parts += [f"{name} < {condition.below}"] if condition.below is not None else []
        elif isinstance(condition, tuple):
            parts.append(f"{name} IN ({', '.join(repr(value) for value in condition)})")
        else:
            parts.append(f"{name} = '{condition}'")
    return " AND ".join(parts)


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
