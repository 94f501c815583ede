"""The rules of CACAO 2.0 that an export is held to.

Source: the committee's JSON schemas (oasis-open/cacao-json-schemas, 2024-01-23: playbook, workflows/*,
data-types/identifier, timestamp, variable, agent-target, extension-definition) and the sentences of the
specification quoted in them. Only facts are taken from there; the schemas themselves are not shipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from playbooks.core.facts import as_list, as_mapping

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
IDENTIFIER = re.compile(rf"[a-z][a-z0-9-]+[a-z0-9]--{UUID4}")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
VARIABLE = re.compile(r"__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__")
REQUIRED = (
    *("type", "spec_version", "id", "name", "created_by", "created", "modified"),
    *("workflow_start", "workflow"),
)
STEP_REQUIRED = {
    "start": ("on_completion",),
    "end": (),
    "action": ("commands", "agent"),
    "playbook-action": ("playbook_id",),
    "parallel": ("next_steps",),
    "if-condition": ("condition", "on_true"),
}
STARTS = ("workflow_start", "workflow_exception")
COMMON = {"type", "name", "step_extensions", "on_completion", "on_success", "on_failure", "timeout"}
STEP_ALLOWED = {
    "start": set[str](),
    "end": set[str](),
    "action": {"commands", "agent", "out_args"},
    "playbook-action": {"playbook_id", "out_args"},
    "parallel": {"next_steps"},
    "if-condition": {"condition", "on_true", "on_false"},
}
POINTERS = ("on_completion", "on_success", "on_failure", "on_true", "on_false")


def faults(document: Mapping[str, object]) -> list[str]:
    """Return every rule that *document* breaks, as sentences."""
    found = [f"the playbook lacks {name}" for name in REQUIRED if name not in document]
    if found:
        return found
    workflow = {key: as_mapping(step) for key, step in as_mapping(document["workflow"]).items()}
    found += _head_faults(document, workflow)
    for key, step in workflow.items():
        found += [f"{key}: {what}" for what in _step_faults(key, step, document, workflow)]
    starts = [str(document[name]) for name in STARTS if name in document]
    reached = {key for start in starts for key in _reached(start, workflow)}
    found += [f"{key} is never reached" for key in workflow if key not in reached]
    return found


def _head_faults(
    document: Mapping[str, object], workflow: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    if document["spec_version"] != "cacao-2.0" or document["type"] != "playbook":
        yield "type and spec_version must be playbook and cacao-2.0"
    for name in ("id", "created_by"):
        if not IDENTIFIER.fullmatch(str(document[name])):
            yield f"{name} is no identifier"
    for name in ("created", "modified", "valid_from", "valid_until"):
        if name in document and not TIMESTAMP.fullmatch(str(document[name])):
            yield f"{name} is no timestamp with three digits of a second"
    yield from _name_faults(document, workflow)


def _name_faults(
    document: Mapping[str, object], workflow: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    for name in as_mapping(document.get("playbook_variables", {})):
        if not VARIABLE.fullmatch(name):
            yield f"{name} is no name of a variable"
    if workflow.get(str(document["workflow_start"]), {}).get("type") != "start":
        yield "workflow_start names no start step"
    if document.get("workflow_exception", document["workflow_start"]) not in workflow:
        yield "workflow_exception names no step"
    defined = as_mapping(document.get("extension_definitions", {}))
    if not set(as_mapping(document.get("playbook_extensions", {}))) <= set(defined):
        yield "a playbook extension is not defined"
    keys = [*workflow, *as_mapping(document.get("agent_definitions", {})), str(document["id"])]
    if len({key.split("--", 1)[-1] for key in keys}) != len(keys):
        yield "a UUID is used for two objects"


def _step_faults(
    key: str,
    step: Mapping[str, object],
    document: Mapping[str, object],
    workflow: Mapping[str, object],
) -> Iterator[str]:
    kind = str(step.get("type"))
    if kind not in STEP_REQUIRED:
        yield f"there is no step of type {kind}"
        return
    if not IDENTIFIER.fullmatch(key) or key.split("--")[0] != kind:
        yield f"the key does not fit the type {kind}"
    yield from (f"it lacks {name}" for name in STEP_REQUIRED[kind] if name not in step)
    yield from (f"{name} is not allowed" for name in set(step) - COMMON - STEP_ALLOWED[kind])
    pointers = [step[name] for name in POINTERS if name in step]
    for target in [*pointers, *as_list(step.get("next_steps", []))]:
        if target not in workflow:
            yield f"it leads to {target}, which is no step"
    yield from _exclusive_faults(kind, step)
    yield from _reference_faults(step, document)


def _exclusive_faults(kind: str, step: Mapping[str, object]) -> Iterator[str]:
    if "on_completion" in step and ("on_success" in step or "on_failure" in step):
        yield "on_completion excludes on_success and on_failure"
    if kind == "end" and any(name in step for name in POINTERS):
        yield "an end step leads nowhere"
    if "next_steps" in step and len(as_list(step["next_steps"])) < 2:
        yield "a parallel step has at least two branches"
    timeout = step.get("timeout", 0)
    if not isinstance(timeout, int) or timeout < 0:
        yield "the timeout is no whole number of milliseconds"


def _reference_faults(step: Mapping[str, object], document: Mapping[str, object]) -> Iterator[str]:
    if "agent" in step and step["agent"] not in as_mapping(document.get("agent_definitions", {})):
        yield "its agent is not defined"
    variables = as_mapping(document.get("playbook_variables", {}))
    for name in as_list(step.get("out_args", [])):
        if name not in variables:
            yield f"it returns {name}, which is no variable"
    for name in as_mapping(step.get("step_extensions", {})):
        if name not in as_mapping(document.get("extension_definitions", {})):
            yield f"the extension {name} is not defined"


def _reached(start: str, workflow: Mapping[str, Mapping[str, object]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key in reached or key not in workflow:
            continue
        reached.add(key)
        step = workflow[key]
        waiting += [str(step[name]) for name in POINTERS if name in step]
        waiting += [str(target) for target in as_list(step.get("next_steps", []))]
    return reached
