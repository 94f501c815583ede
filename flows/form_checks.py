"""Judge a submitted form by its own model, and say every fault in Chinese by the field's title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from flows.forms import FormType
from playbooks.core.cases.forms import AnswerError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SENTENCES: Mapping[str, str] = {
    "missing": "必须填写",
    "string_too_short": "必须填写",
    "too_short": "至少填写一项",
    "string_too_long": "不得超过 {max_length} 字",
    "too_long": "不得超过 {max_length} 项",
    "literal_error": "只能从下拉框里选",
    "extra_forbidden": "不是这张表单的栏目",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "string_pattern_mismatch": "写法不对，请按栏目说明填写",
    "string_type": "应为文字",
    "string_unicode": "含有无法保存的字符，请重新输入",
}


def checked(model: type[FormType], form: object) -> FormType:
    """Return *form* as *model*.

    Raises:
        AnswerError: every fault at once, one sentence each.
    """
    from pydantic import ValidationError

    try:
        accepted = model.model_validate(form)
    except ValidationError as error:
        faults = [_sentence(model, fault) for fault in error.errors()]
        raise AnswerError("；".join(dict.fromkeys(faults))) from error
    for name, value in accepted.model_dump().items():
        for text in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(text, str) and "\0" in text:
                raise AnswerError(f"「{_title(model, name)}」{SENTENCES['string_unicode']}")
    return accepted


def _sentence(model: type[FormType], fault: ErrorDetails) -> str:
    place = fault["loc"]
    sentence = SENTENCES.get(fault["type"], "填写有误，请按栏目说明填写")
    title = _title(model, str(place[0])) if place else "表单"
    return f"「{title}」{sentence.format_map(fault.get('ctx', {}))}"


def _title(model: type[FormType], name: str) -> str:
    field = model.model_fields.get(name)
    return (field.title if field else None) or name[:40]


def given_text(form: Mapping[str, object], name: str, title: str) -> str:
    """Return a field that every form of a case has, trimmed.

    Raises:
        AnswerError: it is missing or no text; only a submission past the form comes to that.
    """
    value = form.get(name)
    if not isinstance(value, str) or not value.strip():
        raise AnswerError(f"「{title}」必须填写")
    return value.strip()
