"""Taking note: by command and by a button in Slack; old presses and strangers are refused."""

import time
from threading import Event, Thread

import pytest

from connectors.simulation.slack_socket import APP_TOKEN, SocketSide
from connectors.slack_socket import press_of
from flows import listening
from tests.flows.steps import open_one


def by(desk, role):
    return desk.people[role]


def events(desk, kind):
    return desk.one("select count(*) from case_event where event_type = ?", kind)


@pytest.fixture
def listened(desk, slack):
    """A listener connected to the fake Slack, and the side that presses."""
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


def until(condition):
    give_up_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def chat_user(desk, role):
    return desk.one("select chat_user_id from person where person_id = ?", by(desk, role))


def test_a_press_is_recorded_as_the_person_of_the_register_once(desk, slack, listened):
    case_id = open_one(desk)["case_id"]
    desk.run("dispatch")
    (message,) = slack.messages
    envelope = listened.press(message, chat_user(desk, "handler"))
    until(lambda: len(slack.messages) == 2)
    listened.press(message, chat_user(desk, "handler"), envelope)  # sent again by Slack
    listened.press(message, chat_user(desk, "handler"))
    until(lambda: slack.whispers)
    assert "已登记过知悉" in slack.whispers[0][1]
    assert (slack.messages[1].thread_ts, "已知悉" in slack.messages[1].text) == (message.ts, True)
    assert events(desk, "acknowledged") == 1
    actor = desk.one("select actor from case_event where event_type = 'acknowledged'")
    assert actor == f"person:{by(desk, 'handler')}"
    assert "已于 2026-11-23 09:00 知悉" in desk.run("cases").out
    assert "知悉" in desk.run("case", case_id).out


def test_strangers_and_old_presses_are_refused_and_told_why(desk, slack, listened):
    open_one(desk)
    desk.run("dispatch")
    (first,) = slack.messages
    listened.press(first, "U0STRANGER")
    until(lambda: slack.whispers)
    assert slack.whispers.pop() == (
        "U0STRANGER",
        "人员台账中没有聊天账号为 U0STRANGER 的在岗人员，未登记知悉",
    )
    listened.press(first, chat_user(desk, "signer"))
    until(lambda: slack.whispers)
    assert "不能登记知悉" in slack.whispers.pop()[1]
    desk.later(hours=7)
    desk.run("sweep")
    listened.press(first, chat_user(desk, "handler"))
    until(lambda: slack.whispers)
    assert "又有新的提醒" in slack.whispers.pop()[1]
    assert (events(desk, "acknowledged"), events(desk, "acknowledgement_refused")) == (0, 1)


def test_by_command_it_stops_nothing_and_later_reminders_say_so(desk, slack):
    case_id = open_one(desk)["case_id"]
    person = by(desk, "handler")
    done = desk.ask("acknowledge", case_id, "verify", "--by", person)
    assert (done.code, done.json["is_new"]) == (0, True)
    assert desk.ask("acknowledge", case_id, "verify", "--by", person).json["is_new"] is False
    assert desk.ask("acknowledge", case_id, "verify", "--by", by(desk, "signer")).code == 1
    assert desk.ask("acknowledge", case_id, "nothing", "--by", person).code == 1
    desk.later(hours=7)
    assert desk.ask("sweep").json["claimed"] > 0
    assert "已于 2026-11-23 09:00 知悉，尚未办结" in desk.one(
        "select body from outbox where dedupe_key like 'rung:%' order by dedupe_key limit 1"
    )
    before = desk.rows("select * from case_step order by all")
    found = {one["check"] for one in desk.ask("audit", "--full").json["findings"]}
    assert "tables_differ" not in found
    assert desk.ask("rebuild").code == 0
    assert desk.rows("select * from case_step order by all") == before


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [], "user": "x"},
        {
            "type": "block_actions",
            "user": {"id": "U1<!channel>"},
            "container": {"channel_id": "C0DUTY", "message_ts": "1.1"},
            "actions": [{"action_id": "acknowledge", "value": "k"}],
        },
    ],
)
def test_a_malformed_envelope_is_no_press(payload):
    assert press_of("interactive", payload) is None


def test_listening_needs_both_tokens(desk):
    ran = desk.run("listen")
    assert (ran.code, "JUZHEN_SLACK_APP_TOKEN" in ran.err) == (1, True)
