"""Forms that operators fill in the Prefect UI: Chinese titles, help and choices from one description.

Prefect draws a form from a deployment's JSON schema. Measured with 3.8.8: a parameter of a flow always
shows its Python name, the fields of one object parameter show their own titles; so every form is
one parameter named ``form``. The forms of a playbook come from its YAML (``schema_of``), the other
ones from pydantic models (``ImportFile`` and friends); both get what only the register knows, such
as the people who may answer, by ``with_choices`` when they are published (``flows/publishing.py``).
See docs/developers.md, «Forms in the Prefect UI».
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, TypeVar, cast
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from playbooks.core.playbook.model import FormField

Schema = dict[str, object]

CHOICES_KEY = "x-choices"  # a field with this key gets its enum when the form is published
DRY_RUN = "试运行：只检查，不写入"
FORM_TITLE = "请填写（标有 Optional 的可以不填，其余必填）"

INSTANT_HELP = "北京时间，写成 2026-01-05 09:30"
PERSON_TITLE = "填报人"
PERSON_HELP = "系统不知道是谁在操作，请选择您本人；签字仍在纸面进行"

Person = Annotated[
    str,
    Field(
        title=PERSON_TITLE,
        description=PERSON_HELP,
        min_length=1,
        json_schema_extra={CHOICES_KEY: "people"},
    ),
]


def optional_choice(name: str) -> Callable[[JsonDict], None]:
    """Mark a field for choices and take its default out of the form: "" is none of the choices."""

    def mark(schema: JsonDict) -> None:
        schema.pop("default", None)
        schema[CHOICES_KEY] = name

    return mark


def _without_docstring(schema: JsonDict) -> None:
    schema.pop("description", None)


class Form(BaseModel):
    """Base of the pydantic forms: a key that the form does not have is refused."""

    # The docstring is for developers; the interface would show it above the Chinese questions.
    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_docstring)


FormType = TypeVar("FormType", bound=Form)


class ImportFile(Form):
    """Import a register that lies in the inbox folder."""

    file_name: Annotated[
        str,
        Field(
            title="文件名",
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\]+$",
            description="先把文件放进数据目录下的 inbox 文件夹，再填写文件名，如 台账.xlsx",
        ),
    ]
    change_forms: Annotated[
        str,
        Field(
            title="变更审批表",
            max_length=2000,
            description="变更负责人、管理员的须写明审批表编号（第十三条），如 A0001=2026-007，可写多个",
        ),
    ] = ""
    # The harmless choice stands first and is the default: importing is a second, deliberate run.
    mode: Annotated[
        Literal["试运行：只检查，不写入", "正式导入"],
        Field(title="方式", description="先试运行看问题清单，没有问题再正式导入"),
    ] = "试运行：只检查，不写入"
    answered_by: Person


class ImportExport(Form):
    """Import a file of figures, or every file of the drop folder."""

    file_name: Annotated[
        str,
        Field(
            title="文件或文件夹",
            max_length=300,
            description="收件目录 inbox 中的文件名，或投递文件夹 drop 中的文件、文件夹；不填就是整个投递文件夹",
        ),
    ] = ""
    account_id: Annotated[
        str,
        Field(
            title="台账号",
            description="导出文件不写是哪个账号的。文件已放在以台账号开头的文件夹里，或是手工填报表，就不填",
            json_schema_extra=optional_choice("accounts"),
        ),
    ] = ""
    as_of: Annotated[
        str,
        Field(
            title="数据截至日",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            description="从后台下载文件的那一天，写成 2026-11-20；不填就是今天",
        ),
    ] = ""
    mode: Annotated[
        Literal["试运行：只检查，不写入", "正式导入"],
        Field(title="方式", description="先试运行看会新增什么，没有问题再正式导入"),
    ] = "试运行：只检查，不写入"
    answered_by: Person


class RevokeImport(Form):
    """Take one import of figures back."""

    import_id: Annotated[
        str,
        Field(
            title="导入编号",
            min_length=1,
            description="数字将退回到此前所知；原件、观测与这次撤销都留痕",
            json_schema_extra={CHOICES_KEY: "imports"},
        ),
    ]
    reason: Annotated[str, Field(title="撤销理由", min_length=1, max_length=500)]
    answered_by: Person


class MakeCaseFile(Form):
    """Make the file of one case."""

    case_id: Annotated[
        str, Field(title="案件编号", description="见看板", min_length=1, max_length=40)
    ]
    answered_by: Person


class RunDrill(Form):
    """Play a drill script on a simulated clock."""

    script: Annotated[
        str,
        Field(
            title="演练脚本",
            min_length=1,
            max_length=200,
            pattern=r"^[^\\/.][^\\/]*(/[^\\/.][^\\/]*)?$",
            description="随预案提供的脚本名，或收件目录 inbox 中的文件名",
        ),
    ] = "impersonation/late_handler"
    answered_by: Person


def schema_of(fields: Sequence[FormField], *, asks_for_case: bool) -> Schema:
    """Return the parameter schema of a flow ``(form: dict)`` that puts *fields* to an operator.

    Choices are shown, and submitted, as their Chinese labels; ``check_answers`` takes labels.

    Args:
        fields: the questions, from a playbook's inputs or one of its steps.
        asks_for_case: whether the form answers a step of an existing case; a chat link fills in
            ``case_id`` and ``visit``.
    """
    properties: dict[str, object] = dict(_CASE_PROPERTIES) if asks_for_case else {}
    required = [name for name in properties if name == "case_id"]
    for field in fields:
        properties[field.name] = _property(field)
        required += [field.name] if field.required else []
    properties["answered_by"] = _PERSON_PROPERTY
    form: Schema = {
        "title": FORM_TITLE,
        "position": 0,
        "type": "object",
        "properties": properties,
        "required": [*required, "answered_by"],
        "additionalProperties": False,
    }
    return {
        "title": "Parameters",
        "type": "object",
        "properties": {"form": form},
        "required": ["form"],
        "definitions": {},
    }


def with_choices(schema: Schema, choices: Mapping[str, Sequence[str]]) -> Schema:
    """Return *schema* with an ``enum`` wherever a field names one of *choices*, and a form title.

    An empty list leaves the field free: a form nobody can submit would be worse.
    """
    return cast("Schema", _filled(schema, choices))


def run_form_url(ui_url: str, deployment_id: str, form: Mapping[str, object]) -> str:
    """Return the address that opens a deployment's form with *form* already filled in.

    Args:
        ui_url: where operators reach the interface, without ``/v2``.
        deployment_id: Prefect's id; it survives re-deploying, so look it up by name when sending.
        form: values by field name; partly filled is fine, the operator completes it.
    """
    parameters = quote(json.dumps({"form": form}, ensure_ascii=False, separators=(",", ":")))
    path = f"/v2/deployments/deployment/{deployment_id}/run"
    return f"{ui_url.rstrip('/')}{path}?parameters={parameters}"


_PERSON_PROPERTY: Schema = {
    "title": PERSON_TITLE,
    "description": PERSON_HELP,
    "type": "string",
    "minLength": 1,
    CHOICES_KEY: "people",
}
_CASE_PROPERTIES: dict[str, Schema] = {
    "case_id": {"title": "案件编号", "description": "见看板", "type": "string", "minLength": 1},
    "visit": {
        "title": "第几次办理",
        "description": "从消息链接打开时已填好，请勿改动；不清楚可不填",
        "type": "integer",
        "minimum": 1,
    },
}


def _property(field: FormField) -> Schema:
    described: Schema = {"title": field.title}
    told = [field.help] if field.help else []
    told += [INSTANT_HELP] if field.type == "instant" else []
    if told:
        described["description"] = "；".join(told)
    shortest = {"minLength": 1} if field.required else {}
    words: Mapping[str, Schema] = {
        "text": {**shortest, "type": "string", "maxLength": field.max_length},
        "account": {**shortest, "type": "string", CHOICES_KEY: "accounts"},
        "accounts": {**shortest, "type": "string", "maxLength": 4_000},
        "enum": {"type": "string", "enum": list(field.values.values())},
        "day": {"type": "string", "format": "date"},
        # Not as date-time: that picker knows every fifth minute only, and takes the browser's time zone.
        "instant": {**shortest, "type": "string", "maxLength": 40},
        "number": {"type": "integer", "minimum": field.at_least, "maximum": field.at_most},
        "quarter": {**shortest, "type": "string", "maxLength": 20},
        "url": {**shortest, "type": "string", "maxLength": field.max_length},
        # Names of files in the inbox folder: the browser form cannot carry a file.
        "files": {"type": "array", "items": {"type": "string", "title": "文件名"}},
    }
    return described | words[field.type]


def _filled(node: object, choices: Mapping[str, Sequence[str]]) -> object:
    if isinstance(node, list):
        return [_filled(item, choices) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    filled: Schema = {key: _filled(value, choices) for key, value in cast("Schema", node).items()}
    offered = choices.get(str(filled.get(CHOICES_KEY)), ())
    if offered:
        filled["enum"] = list(offered)
        # The interface sends an untouched default, and "" is none of the choices: refused.
        if filled.get("default") == "":
            del filled["default"]
    return filled
