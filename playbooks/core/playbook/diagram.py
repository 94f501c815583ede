"""A playbook as a Mermaid flowchart: its steps, what leads where, and where a case stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from playbooks.core.playbook.flow import parallel_of
from playbooks.core.playbook.model import (
    DONE,
    INPUT,
    JOIN,
    REVIEW_DRAFT,
    TIMED,
    AnyStep,
    Approve,
    Ask,
    Branch,
    Condition,
    Decide,
    DecisionRow,
    Do,
    End,
    FormField,
    Parallel,
    Playbook,
    Range,
    SubPlaybook,
    Watch,
)

SHAPES = {
    "ask": ("[", "]"),
    "do": ("[[", "]]"),
    "decide": ("{{", "}}"),
    "draft": ("[[", "]]"),
    "approve": ("[/", "/]"),
    "send": ("[\\", "\\]"),
    "wait_receipt": ("(", ")"),
    "recheck": ("(", ")"),
    "watch": ("(", ")"),
    "clock": ("((", "))"),
    "publish": ("[\\", "\\]"),
    "notify": (">", "]"),
    "parallel": ("{{", "}}"),
    "sub_playbook": ("[[", "]]"),
    "end": ("([", "])"),
    "review": ("[", "]"),
    "improve": ("[", "]"),
}
Edge = tuple[str, str, bool]
"""Target, label, and whether it is the way that nobody wants: late, returned, failed."""


def mermaid(playbook: Playbook, current: Collection[str] = ()) -> str:
    """Return the flowchart; the steps in *current* are marked as where a case stands now."""
    steps = playbook.every_step()
    lines = ["flowchart TD", *(_node(playbook, step) for step in steps)]
    lines.append(f"  s_start((开始)) --> s_{playbook.start}")
    for step in steps:
        lines.extend(_arrow(step.id, edge) for edge in _edges(playbook, step))
    lines.append("  classDef current fill:#fde68a,stroke:#b45309,stroke-width:3px,color:#000;")
    known = {step.id for step in steps}
    shown = [f"s_{step_id}" for step_id in sorted(set(current) & known)]
    if shown:
        lines.append(f"  class {','.join(shown)} current;")
    return "\n".join(lines)


def _node(playbook: Playbook, step: AnyStep) -> str:
    opening, closing = SHAPES[step.type]
    lines = [step.title]
    if isinstance(step, TIMED):
        roles = step.chain if isinstance(step, Approve) else (step.owner,)
        lines.append("、".join(playbook.roles[role].title for role in roles))
    text = "<br/>".join(_label(line) for line in lines)
    return f'  s_{step.id}{opening}"{text}"{closing}'


def _edges(playbook: Playbook, step: AnyStep) -> Iterator[Edge]:
    for target, label, is_bad in _written(playbook, step):
        if target == DONE:
            continue
        if target == JOIN:
            yield parallel_of(playbook, step.id).next, f"{label} 汇合".strip(), is_bad
        else:
            yield target, label, is_bad
    if isinstance(step, End) and _is_reviewed(playbook, step):
        yield "review", "办结后", False
    if step.type == "review":
        measures = (s.id for s in playbook.every_step() if s.type == "improve")
        yield from ((measure, "改进措施", False) for measure in measures)
        if playbook.review and playbook.review.report:
            yield REVIEW_DRAFT, "复盘报告", False


def _is_reviewed(playbook: Playbook, step: End) -> bool:
    review = playbook.review
    return review is not None and (not review.after or step.outcome in review.after)


def _written(playbook: Playbook, step: AnyStep) -> Iterator[Edge]:
    if isinstance(step, Decide):
        yield from ((row.go, _row_text(playbook, row), False) for row in step.rows)
    elif isinstance(step, Parallel):
        yield from ((branch, "", False) for branch in step.branches)
    elif isinstance(step, (Ask, SubPlaybook)) and not isinstance(step.next, str):
        yield from ((way.go, _branch_text(step, way), False) for way in step.next)
    elif step.type not in ("end", "review", "improve"):
        yield str(getattr(step, "next")), "", False  # noqa: B009 - every other kind has it
    yield from _aside(step)


def _aside(step: AnyStep) -> Iterator[Edge]:
    """Yield the ways that a step takes when it does not go as asked."""
    if isinstance(step, Approve):
        yield step.on_reject, "退回", True
    if isinstance(step, Do):
        yield step.on_failure, "未成", True
    if isinstance(step, Watch):
        yield step.on_reappear, "再次出现", True
    if isinstance(step, TIMED) and step.on_expire:
        yield step.on_expire, "超期", True


def _branch_text(step: Ask | SubPlaybook, branch: Branch) -> str:
    if branch.otherwise:
        return "其他"
    fields = {field.name: field for field in step.form} if isinstance(step, Ask) else {}
    return "，".join(
        fields[name].values[value] if name in fields else value
        for name, value in branch.when.items()
    )


def _row_text(playbook: Playbook, row: DecisionRow) -> str:
    return (
        "其他"
        if row.otherwise
        else "，".join(condition_text(playbook, *c) for c in row.when.items())
    )


def condition_text(playbook: Playbook, source: str, condition: Condition) -> str:
    """Return one condition of a decision table as people read it."""
    place, name = source.split(".")
    form = playbook.inputs
    if place != INPUT:
        asked = playbook.step(place)
        form = asked.form if isinstance(asked, Ask) else ()
        if isinstance(asked, Decide) and name == "value":
            form = (FormField(name="value", title=asked.title, type="enum", values=asked.gives),)
    field = next((field for field in form if field.name == name), None)
    title = field.title if field else source
    if isinstance(condition, Range):
        least = "" if condition.at_least is None else f"≥{condition.at_least}"
        below = "" if condition.below is None else f"<{condition.below}"
        return f"{title}{least}{below}"
    values = condition if isinstance(condition, tuple) else (condition,)
    shown = "或".join(field.values.get(value, value) if field else value for value in values)
    return f"{title}为{shown}"


def _arrow(origin: str, edge: Edge) -> str:
    target, label, is_bad = edge
    line = "-.->" if is_bad else "-->"
    text = f'|"{_label(label)}"|' if label else ""
    return f"  s_{origin} {line}{text} s_{target}"


def _label(text: str) -> str:
    """Escape what Mermaid, or the page around it, would make something of."""
    marks = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "\n": " ", "`": "'"}
    return "".join(marks.get(letter, letter) for letter in text)
