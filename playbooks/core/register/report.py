"""Say in Chinese, or as JSON-ready values, what an import would do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbooks.core.register.cells import Value
from playbooks.core.register.columns import Column, labels, sheet_of
from playbooks.core.register.plan import ImportPlan, RowChange
from playbooks.core.register.problems import printable, problem_table, title

LISTED = 20
VALUE_LIMIT = 30


def plan_text(plan: ImportPlan) -> str:
    """Return the plan for a terminal: counts per sheet, changes, absent rows, problems."""
    return "\n".join(_lines(plan))


def plan_dict(plan: ImportPlan) -> dict[str, object]:
    """Return the plan as ``--json`` prints it; days as ISO text."""
    return {
        "file": plan.file_name,
        "rows": plan.row_count,
        "new": {table: len(records) for table, records in plan.new.items()},
        "changed": [_change_dict(change) for change in plan.changed],
        "unchanged": dict(plan.unchanged),
        "absent": {table: list(keys) for table, keys in plan.absent.items()},
        "problems": [problem.as_dict() for problem in plan.problems],
    }


def shown(column: Column, value: Value) -> str:
    """Return *value* the way the workbook shows it: Chinese labels, ISO days, ``""`` for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return labels("yes_no")["yes" if value else "no"]
    if isinstance(value, date):
        return value.isoformat()
    return column.labels.get(str(value), str(value))


def _lines(plan: ImportPlan) -> Iterator[str]:
    yield title("plan").format(file=printable(plan.file_name, 120), rows=plan.row_count)
    for table in plan.new:
        yield title("plan_sheet").format(
            sheet=sheet_of(table).name,
            new=len(plan.new[table]),
            changed=sum(change.row.sheet.table == table for change in plan.changed),
            unchanged=plan.unchanged[table],
            absent=len(plan.absent[table]),
        )
    for change in plan.changed[:LISTED]:
        yield from _change_lines(change)
    if len(plan.changed) > LISTED:
        yield title("more").format(hidden=len(plan.changed) - LISTED)
    for table, keys in plan.absent.items():
        if keys:
            listed = "、".join(printable(key, VALUE_LIMIT) for key in keys[:LISTED])
            more = "…" if len(keys) > LISTED else ""
            yield title("plan_absent").format(sheet=sheet_of(table).name, keys=listed + more)
    if plan.problems:
        yield problem_table(plan.problems)


def _change_lines(change: RowChange) -> Iterator[str]:
    for item in change.changes:
        yield title("plan_change").format(
            sheet=change.row.sheet.name,
            key=printable(change.key, VALUE_LIMIT),
            heading=item.column.heading,
            before=printable(shown(item.column, item.before) or "—", VALUE_LIMIT),
            after=printable(shown(item.column, item.after) or "—", VALUE_LIMIT),
            form=title("plan_form").format(form=change.change_form) if change.change_form else "",
        )


def _change_dict(change: RowChange) -> dict[str, object]:
    return {
        "table": change.row.sheet.table,
        "key": change.key,
        "row": change.row.row,
        "change_form": change.change_form,
        "fields": [
            {
                "column": item.column.name,
                "heading": item.column.heading,
                "before": _json(item.before),
                "after": _json(item.after),
            }
            for item in change.changes
        ],
    }


def _json(value: Value) -> str | bool | int | None:
    return value.isoformat() if isinstance(value, date) else value
