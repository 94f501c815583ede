"""What the forms of the duty roster do, judged behind the browser, without a server."""

import pytest

from flows import change_duty
from flows.duty_forms import ChangeContact, HandShift, PlanDuty
from flows.form_checks import checked
from flows.operations.files import FileProblemError
from playbooks.core.cases.forms import AnswerError
from playbooks.core.register.columns import labels


def shown(desk, role):
    """A person as the forms offer them."""
    person_id = desk.people[role]
    return f"{desk.one('select name from person where person_id = ?', person_id)}({person_id})"


def test_the_roles_of_the_form_are_those_of_the_register():
    offered = HandShift.model_json_schema()["properties"]["role"]["enum"]
    assert offered == list(labels("role").values())


def test_a_shift_is_handed_over_and_a_contact_changed_from_the_forms(desk):
    given = {
        "role": "经办",
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-25",
        "to_person": shown(desk, "reviewer"),
        "reason": "出差",
        "answered_by": shown(desk, "handler"),
    }
    done = change_duty._handed(desk.settings, checked(HandShift, given), desk.now)
    assert done.sentence.startswith("已登记换班：经办 2026-11-24 至 2026-11-25")
    assert desk.rows("select distinct to_person_id from shift_change") == [
        (desk.people["reviewer"],)
    ]
    with pytest.raises(AnswerError, match="「第一天」"):
        checked(HandShift, {**given, "starts_on": "下周一"})

    contact = {
        "person": shown(desk, "handler"),
        "channel": "飞书",
        "change": "改为下面填写的",
        "answered_by": shown(desk, "handler"),
    }
    with pytest.raises(AnswerError, match="必须填写"):
        change_duty._changed(desk.settings, ChangeContact(**contact), desk.now)
    done = change_duty._changed(desk.settings, ChangeContact(address="ou_1", **contact), desk.now)
    assert (done.sentence[:3], "ou_1" in done.sentence) == ("已设置", False)
    traced = desk.rows("select channel, change_kind, actor from contact_change")
    assert traced == [("feishu_user_id", "set", f"person:{desk.people['handler']}")]


def test_a_plan_is_written_into_the_inbox_once(desk, monkeypatch):
    pages = {}
    monkeypatch.setattr(
        change_duty, "publish_page", lambda key, text, title: pages.update({key: text})
    )
    desk.settings.inbox.mkdir()
    person = desk.people["handler"]
    (desk.settings.inbox / "值班.yml").write_text(
        f"roles:\n  handler:\n    workdays: [{person}]\n    rest_days: [{person}]\n", "utf-8"
    )
    given = {
        "file_name": "值班.yml",
        "first_on": "2027-03-05",
        "last_on": "2027-03-08",
        "answered_by": shown(desk, "handler"),
    }
    change_duty._planned(desk.settings, checked(PlanDuty, given), desk.now)
    assert [path.name for path in desk.settings.inbox.iterdir()] == ["值班.yml"]
    assert "主班：工作日 2，休息日 2" in pages["duty-plan"]
    for_good = checked(PlanDuty, {**given, "mode": "写出值班表"})
    done = change_duty._planned(desk.settings, for_good, desk.now)
    assert "值班表 2027-03-05 至 2027-03-08.xlsx" in done.sentence
    with pytest.raises(FileProblemError, match="已有"):
        change_duty._planned(desk.settings, for_good, desk.now)
