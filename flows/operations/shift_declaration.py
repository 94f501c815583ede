"""The declaration of a duty plan (排班声明): roles, who takes turns, how many stand in; read strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.yaml_lines import DeclarationError, Location, line_of, read_document
from flows.form_checks import SENTENCES
from playbooks.core.register.columns import labels
from playbooks.core.roster_plan import Rotation

PersonId = Annotated[str, Field(min_length=1, max_length=40)]
People = Annotated[list[PersonId], Field(min_length=1, max_length=200)]
MOST_SUBSTITUTES = 8
SAMPLE = "docs/duty-plan.md"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Role(_Part):
    workdays: People
    rest_days: People
    substitutes: Annotated[int, Field(ge=0, le=MOST_SUBSTITUTES)] = 0


class _Document(_Part):
    title: Annotated[str, Field(max_length=60)] = ""
    roles: Annotated[dict[str, _Role], Field(min_length=1)]


def read_declaration(path: Path, known: Mapping[str, bool]) -> dict[str, Rotation]:
    """Return role -> rotation as *path* declares them, in the register's order of roles.

    Args:
        path: a YAML file; docs/duty-plan.md describes it.
        known: people of the register by id, and whether each is active.

    Raises:
        DeclarationError: every fault, one a line, with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path.name}: 不是 UTF-8 文字；请另存为 UTF-8") from error
    root, values = read_document(text, path.name)
    try:
        document = _Document.model_validate(values)
    except ValidationError as error:
        raise DeclarationError(_shape_faults(error, root, path.name)) from error
    faults = [
        f"{path.name}:{line_of(root, where)}: {what}" for where, what in _faults(document, known)
    ]
    if faults:
        raise DeclarationError("\n".join(faults))
    return {
        role: Rotation(tuple(given.workdays), tuple(given.rest_days), given.substitutes)
        for role in labels("role")
        if (given := document.roles.get(role))
    }


def _shape_faults(error: ValidationError, root: yaml.Node, file_name: str) -> str:
    lines: list[str] = []
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        sentence = _SHAPES.get(fault["type"]) or SENTENCES.get(fault["type"], "写法不对")
        what = sentence.format_map(fault.get("ctx", {}))
        lines.append(f"{file_name}:{line_of(root, fault['loc'])}: {where} {what}；写法见 {SAMPLE}")
    return "\n".join(lines)


_SHAPES: Mapping[str, str] = {
    "string_type": "应为人员编号，纯数字的编号请加引号",
    "list_type": "应为人员编号的列表，如 [P001, P002]",
    "dict_type": "应为“名称: 值”",
    "model_type": "应为“名称: 值”",
    "model_attributes_type": "应为“名称: 值”",
    "extra_forbidden": "不是排班声明的栏目",
}


def _faults(document: _Document, known: Mapping[str, bool]) -> Iterator[tuple[Location, str]]:
    for role, given in document.roles.items():
        if role not in labels("role"):
            names = "、".join(f"{name}（{title}）" for name, title in labels("role").items())
            yield ("roles", role), f"没有角色 {role[:40]}；现有：{names}"
        for kind, people in (("workdays", given.workdays), ("rest_days", given.rest_days)):
            place: Location = ("roles", role, kind)
            yield from _list_faults(place, people, known)
            if len(set(people)) <= given.substitutes:
                count = given.substitutes + 1
                yield (
                    place,
                    f"只有 {len(set(people))} 人，每天却要 {count} 人（含替补）；请加人或减少替补",
                )


def _list_faults(
    place: Location, people: list[str], known: Mapping[str, bool]
) -> Iterator[tuple[Location, str]]:
    for number, person_id in enumerate(people):
        where = (*place, number)
        if person_id in people[:number]:
            yield where, f"{person_id[:40]} 写了两次；一轮之中每人一次，才能排得公平"
        elif person_id not in known:
            yield where, f"台账中没有人员 {person_id[:40]}；请核对编号，或先导入人员表"
        elif not known[person_id]:
            yield where, f"{person_id[:40]} 已离岗，不能排班"
