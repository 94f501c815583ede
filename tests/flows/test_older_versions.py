"""A case that is held to an older version of its playbook is answered by forms of that version."""

from __future__ import annotations

import re

from flows.answer_forms import (
    answering_forms,
    older_forms,
    running_versions,
    shipped_playbooks,
)
from flows.links import NotedForm, addresses, note_forms, note_versions, version_key
from flows.operations.people import case_setting
from flows.operations.shipped import shipped
from playbooks.core.cases import store
from playbooks.core.playbook import parse_playbook
from sql.catalogs import write


def older_text():
    """The shipped playbook as an earlier version would be: one field more in its first step."""
    (path,) = [path for path in shipped().values() if "impersonation" in str(path)]
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^version: .*\nderived_from: .*$", "version: 1", text, count=1, flags=re.M)
    reason = "      - {name: reason,"
    added = "      - {name: witness, title: 见证人, type: text, required: false}\n"
    assert reason in text
    return text.replace(reason, added + reason, 1)


def open_older(desk):
    text = older_text()
    playbook = parse_playbook(text, "older.yml")
    inputs = {"platform": "weibo", "display_name": "云杉发布2", "channel": "inspection"}
    with write(desk.settings.ops) as connection:
        setting = case_setting(desk.settings, connection, desk.now, "person:x")
        opened = store.open_case(connection, playbook, text, inputs, None, setting)
    return opened.case_id, playbook


def test_only_the_steps_that_ask_something_else_get_a_form_of_their_own(desk, case_id):
    old_case, playbook = open_older(desk)
    current = list(answering_forms(shipped_playbooks()))
    older = running_versions(desk.settings, shipped_playbooks())
    assert older.cases == {old_case: version_key(playbook.digest)}
    (form,) = older_forms(older.playbooks, current)
    assert form.key == f"{version_key(playbook.digest)}/verify"
    assert form.form.name == f"办理：排查核实（假冒政务新媒体处置 第 1 版 {playbook.digest[:6]}）"
    assert "见证人" in str(form.form.schema)

    noted = {one.key: NotedForm(one.key.replace("/", "-"), one.form.name) for one in current}
    note_forms(desk.settings, {**noted, form.key: NotedForm("older-verify", form.form.name)})
    note_versions(desk.settings, older.cases)
    found = addresses(desk.settings)
    assert "/older-verify/" in found.answer(old_case, "verify", 1)
    assert "/IMP-verify/" in found.answer(case_id, "verify", 1)
    assert "/IMP-recheck/" in found.answer(old_case, "recheck", 1)
    assert "/IMP-send_platform-receipt/" in found.receipt(old_case, "send_platform", 1)


def test_a_step_that_is_gone_today_still_has_its_form():
    playbook = parse_playbook(older_text().replace("verify", "check_first"), "renamed.yml")
    current = list(answering_forms(shipped_playbooks()))
    keys = {form.key for form in older_forms([playbook], current)}
    assert f"{version_key(playbook.digest)}/check_first" in keys
