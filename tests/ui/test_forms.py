"""What the forms say, without a server: literal fields in, literal schema out."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from flows.forms import FORM_TITLE, ImportFile, run_form_url, schema_of, with_choices
from flows.report_forms import OneReport
from playbooks.core.playbook.model import FormField

VERDICT = FormField(
    name="verdict", title="核实结论", type="enum", values={"yes": "确属假冒", "no": "非假冒"}
)
NOTE = FormField(
    name="note", title="说明", type="text", required=False, help="可不填", max_length=50
)
SEEN_ON = FormField(name="seen_on", title="发现日期", type="day")
LINK = FormField(name="url", title="链接", type="url", required=False, max_length=1000)
EVIDENCE = FormField(name="evidence", title="证据文件", type="files", required=False)


def test_schema_of_every_kind_of_question() -> None:
    schema = schema_of((VERDICT, NOTE, SEEN_ON, LINK, EVIDENCE), asks_for_case=False)
    form = schema["properties"]["form"]
    asked = form["properties"]
    assert form["title"] == FORM_TITLE
    assert form["required"] == ["verdict", "seen_on", "answered_by"]
    assert asked["verdict"] == {
        "title": "核实结论",
        "type": "string",
        "enum": ["确属假冒", "非假冒"],
    }
    assert asked["note"] == {
        "title": "说明",
        "description": "可不填",
        "type": "string",
        "maxLength": 50,
    }
    assert asked["seen_on"] == {"title": "发现日期", "type": "string", "format": "date"}
    assert asked["url"] == {"title": "链接", "type": "string", "maxLength": 1000}
    assert asked["evidence"]["items"] == {"type": "string", "title": "文件名"}
    assert list(asked) == ["verdict", "note", "seen_on", "url", "evidence", "answered_by"]


def test_a_step_asks_for_its_case_first() -> None:
    form = schema_of((VERDICT,), asks_for_case=True)["properties"]["form"]
    assert list(form["properties"]) == ["case_id", "visit", "verdict", "answered_by"]
    assert form["required"] == ["case_id", "verdict", "answered_by"]


def test_choices_fill_marked_fields_and_only_those() -> None:
    schema = schema_of((VERDICT,), asks_for_case=False)
    filled = with_choices(schema, {"people": ["张三(P-1)"]})
    asked = filled["properties"]["form"]["properties"]
    assert asked["answered_by"]["enum"] == ["张三(P-1)"]
    assert asked["verdict"]["enum"] == ["确属假冒", "非假冒"]
    assert "enum" not in schema["properties"]["form"]["properties"]["answered_by"]


def test_without_people_the_field_stays_free() -> None:
    filled = with_choices(schema_of((), asks_for_case=False), {"people": []})
    assert "enum" not in filled["properties"]["form"]["properties"]["answered_by"]


def test_new_choices_replace_old_ones() -> None:
    schema = with_choices(schema_of((), asks_for_case=False), {"people": ["张三(P-1)"]})
    filled = with_choices(schema, {"people": ["李四(P-2)"]})
    assert filled["properties"]["form"]["properties"]["answered_by"]["enum"] == ["李四(P-2)"]


def test_link_carries_hostile_text_unharmed() -> None:
    hostile = "新区&发布#?\"'<b> +%26\n😀"
    link = run_form_url("http://127.0.0.1:4200/", "d-1", {"name": hostile})
    parts = urlsplit(link)
    assert link.startswith("http://127.0.0.1:4200/v2/deployments/deployment/d-1/run?parameters=")
    assert link.isascii()
    assert parts.fragment == ""
    assert json.loads(parse_qs(parts.query)["parameters"][0]) == {"form": {"name": hostile}}


@pytest.mark.parametrize("file_name", ["../台账.xlsx", "/etc/passwd", "a\\b.csv", ""])
def test_import_takes_a_plain_file_name(file_name: str) -> None:
    with pytest.raises(ValidationError, match="file_name"):
        ImportFile(file_name=file_name, answered_by="张三(P-1)")


def test_a_field_that_may_stay_empty_has_no_empty_default_beside_its_choices() -> None:
    schema = OneReport.model_json_schema()
    filled = with_choices(schema, {"accounts": ["云杉发布 微博(A0002)"]})
    official = filled["properties"]["official_account_id"]
    assert official["enum"] == ["云杉发布 微博(A0002)"]
    assert "default" not in official  # the server refuses "", which is none of the choices
    assert "official_account_id" not in filled["required"]
