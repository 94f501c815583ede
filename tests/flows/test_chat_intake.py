"""立案 from Slack: people on the roster get the form and open a case with it, everybody else is told why not."""

from threading import Event, Thread

import pytest

from connectors.simulation.slack_socket import APP_TOKEN, SocketSide
from connectors.slack_modal import asked_of, submitted_of
from flows import listening
from tests.flows.test_acknowledging import chat_user, until

CHANNEL = "C0DUTY"
HOSTILE = "<!channel> *溃坝* <https://example.invalid|看>"
KNOWN = {"kind": "emergency", "facts": "松溪镇短时强降雨", "known_from": "duty"}


@pytest.fixture
def listened(desk, slack):
    """A listener connected to the fake Slack, and the side that people use."""
    with SocketSide() as side:
        slack.socket_url = side.url
        desk.monkeypatch.setenv("JUZHEN_SLACK_APP_TOKEN", APP_TOKEN)
        stop = Event()
        thread = Thread(target=listening.listen, args=(desk.settings, stop, lambda _: None))
        thread.start()
        yield side
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def shown(slack, count=1):
    until(lambda: len(slack.views) == count)
    return slack.views[-1]


def inputs_of(desk, case_id):
    return str(
        desk.one(
            "select payload from case_event where case_id = ? and event_type = 'case_opened'",
            case_id,
        )
    ).replace('": ', '":')


def no_case_before_the_limits_are_set(desk, slack, listened, user):
    """Here as anywhere; the person alone is told."""
    office = desk.home / "office.yml"
    whole = office.read_text(encoding="utf-8")
    office.write_text(whole.replace("emergency_report_call", "other_limit"), encoding="utf-8")
    listened.submit(user, slack.views[-1], KNOWN)
    until(lambda: slack.messages)
    refused = slack.messages.pop()
    assert (refused.channel, "emergency_report_call" in refused.text) == (user, True)
    assert desk.one("select count(*) from case_summary") == 0
    office.write_text(whole, encoding="utf-8")


def the_shortcut_takes_the_message_along(desk, slack, listened, user):
    listened.shortcut(user, CHANNEL, HOSTILE, "1700000000.000100")
    view = shown(slack, 2)
    listened.submit(user, view, {"kind": "public_opinion", "known_from": "media", "title": HOSTILE})
    until(lambda: len(slack.messages) == 3)
    assert "<!channel>" not in slack.messages[2].text  # escaped: nobody is called by it
    assert "聊天消息（频道 C0DUTY，编号 1700000000.000100）" in inputs_of(desk, "MAJ-2026-0002")


def test_command_and_shortcut_show_the_form_and_the_form_opens_the_case(desk, slack, listened):
    user = chat_user(desk, "handler")
    listened.command(user, CHANNEL, "松溪镇强降雨")
    view = shown(slack)
    titles = [block["label"]["text"] for block in view["blocks"] if "label" in block]
    assert titles[:4] == ["事件类型", "事件名称", "已知情况", "首次获知时间"]
    assert "时间均为北京时间" in view["blocks"][0]["text"]["text"]
    # What is wrong is said at its field, and the form stays open with what was typed.
    wrong = {**KNOWN, "kind": "takeover", "known_at": "2026-11-24 09:00"}
    errors = listened.submit(user, view, wrong)["errors"]
    assert errors == {"account_id": "「事件类型」为账号被盗或篡改时，「涉事账号」必须填写"}
    errors = listened.submit(user, view, {**KNOWN, "known_at": "2026-11-24 09:00"})["errors"]
    assert "不能晚于现在" in errors["known_at"]
    assert desk.one("select count(*) from case_summary") == 0
    no_case_before_the_limits_are_set(desk, slack, listened, user)
    assert listened.submit(user, view, {**KNOWN, "known_at": "2026-11-23 08:50"}) is None
    until(lambda: slack.messages)
    assert "已立案，开始计时 MAJ-2026-0001：松溪镇强降雨" in slack.messages[0].text
    said = inputs_of(desk, "MAJ-2026-0001")
    assert '"known_at":"2026-11-23T08:50+08:00"' in said
    actor = desk.one("select actor from case_event where event_type = 'case_opened'")
    assert actor == f"person:{desk.people['handler']}"
    assert listened.submit(user, view, KNOWN) is None  # the same matter again
    until(lambda: len(slack.messages) == 2)
    assert "已并入在办案件 MAJ-2026-0001" in slack.messages[1].text
    the_shortcut_takes_the_message_along(desk, slack, listened, user)


def test_strangers_and_people_off_the_roster_get_no_form_and_are_told_whom_to_ask(
    desk, slack, listened
):
    listened.command("U0STRANGER", CHANNEL)
    notice = shown(slack)["blocks"][0]["text"]["text"]
    assert notice == "人员台账中没有聊天账号为 U0STRANGER 的在岗人员，不能在聊天中立案"
    ((user, name),) = desk.rows(
        "select chat_user_id, name from person where chat_user_id is not null and person_id not in"
        " (select person_id from roster_shift where starts_on <= date '2026-11-23'"
        " and ends_on >= date '2026-11-23') and is_active order by person_id limit 1"
    )
    listened.command(user, CHANNEL)
    view = shown(slack, 2)
    notice = view["blocks"][0]["text"]["text"]
    assert notice.startswith(f"{name} 现在不在值班表上，不能在聊天中立案；请告知值班经办人 ")
    assert "submit" not in view
    # A form made up by somebody who never was shown one is refused all the same.
    listened.command(chat_user(desk, "handler"), CHANNEL, "松溪镇强降雨")
    form = shown(slack, 3)
    listened.submit("U0STRANGER", form, KNOWN)
    until(lambda: slack.messages)
    assert slack.messages[0].channel == "U0STRANGER"  # told alone, not the channel
    assert slack.messages[0].text.startswith("没有立案：人员台账中没有聊天账号")
    assert desk.one("select count(*) from case_summary") == 0


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("slash_commands", {"command": "/other", "user_id": "U01", "channel_id": "C01"}),
        ("slash_commands", {"command": "/juzhen", "user_id": "<!x>", "channel_id": "C0DUTY", "trigger_id": "1"}),
        ("slash_commands", {"command": "/juzhen", "user_id": "U0001", "channel_id": "C0DUTY"}),
        ("interactive", {"type": "shortcut", "callback_id": "open_incident", "trigger_id": "1"}),
        ("interactive", {"type": "view_submission", "view": {"callback_id": "open_incident"}}),
        ("interactive", {"type": "view_submission", "user": {"id": "U0001"},
                         "view": {"callback_id": "open_incident", "private_metadata": "[" * 5000}}),
        ("interactive", [1]),
        ("events_api", None),
    ],
)  # fmt: skip
def test_a_malformed_envelope_is_no_form(kind, payload):
    assert asked_of(kind, payload) is None
    assert submitted_of(kind, payload) is None
