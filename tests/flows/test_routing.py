"""Several channels: the next one when one fails, digests, the platforms' pace, internal cases."""

import json
from datetime import UTC, datetime

import pytest

import sql
from connectors.simulation.dingtalk_server import DingtalkServer
from connectors.simulation.faults import Fault
from connectors.simulation.mail_server import MailServer
from connectors.simulation.wecom_server import WecomServer
from flows.operations import escalation
from flows.operations.addresses import Addresses
from flows.operations.all_boards import all_boards
from sql.catalogs import write
from tests.flows.steps import open_one

TO = "duty@office.example"


@pytest.fixture
def wecom(empty_desk):
    with WecomServer(now=lambda: datetime.now(UTC)) as server:
        empty_desk.monkeypatch.setenv("JUZHEN_WECOM_WEBHOOK", server.webhook_url)
        yield server


@pytest.fixture
def mail(empty_desk):
    with MailServer() as server:
        variables = {"HOST": "localhost", "PORT": server.port, "SECURITY": "none"}
        variables |= {"FROM": "juzhen@office.example", "TO": TO}
        for name, value in variables.items():
            empty_desk.monkeypatch.setenv(f"JUZHEN_SMTP_{name}", str(value))
        yield server


def queue(desk, count, kind="notice", **changed):
    rows = [
        {
            "dedupe_key": f"{kind}:{number:02d}",
            "case_id": "IMP-2026-0001",
            "channel": "duty",
            "recipient": "null",
            "severity": "info",
            "title": f"知会：第 {number} 件",
            "body": "案件 IMP-2026-0001",
            "link": "{}",
            "marking": None,
            "status": "queued",
            "attempts": 0,
            "created_at": desk.now,
            "next_attempt_at": desk.now,
        }
        | changed
        for number in range(count)
    ]
    with write(desk.settings.ops) as connection:
        sql.insert(connection, "outbox", rows)


def states(desk):
    return dict(desk.rows("select status, count(*) from outbox group by all"))


def channels_yml(desk, text):
    desk.home.mkdir(parents=True, exist_ok=True)
    (desk.home / "chat.yml").write_text(text, encoding="utf-8")


def test_a_refused_message_goes_on_to_the_next_channel_with_a_trace(desk, wecom, mail):
    case_id = open_one(desk)["case_id"]
    desk.monkeypatch.setenv("JUZHEN_WECOM_WEBHOOK", wecom.webhook_url + "wrong")
    ran = desk.ask("dispatch")
    assert (ran.code, ran.json["rerouted"], ran.json["delivered"]) == (0, 1, 1)
    (sent,) = mail.messages
    assert (sent.recipient, case_id in sent.message.get_content()) == (TO, True)
    (event,) = desk.rows("select payload from case_event where event_type = 'message_rerouted'")
    assert tuple(json.loads(event[0])[name] for name in ("from_channel", "to_channel")) == (
        "wecom",
        "email",
    )
    assert "改走" in desk.run("case", case_id).out
    desk.run("sweep")
    assert desk.ask("audit", "--full").json["clean"] is True
    assert desk.ask("rebuild").code == 0
    assert desk.rows("select status, channel from outbox") == [("delivered", "email")]


def test_when_every_channel_fails_a_person_is_asked_everywhere(desk, wecom, mail):
    open_one(desk)
    desk.monkeypatch.setenv("JUZHEN_WECOM_WEBHOOK", wecom.webhook_url + "wrong")
    mail.spoil(Fault("quota"))
    desk.run("dispatch")
    assert states(desk) == {"failed": 1}
    desk.later(minutes=6)
    assert len(desk.ask("messages").json["messages"]) == 1
    boards = {page.key: page.text for page in all_boards(desk.settings, desk.now, Addresses())}
    assert "1 条消息没有送到" in boards["home"]
    assert "邮件服务器拒收" in boards["messages"]
    assert "unsettled_messages" in {one["check"] for one in desk.ask("audit").json["findings"]}


def test_an_unclear_message_is_put_to_a_person_and_never_to_another_channel(desk, wecom, mail):
    open_one(desk)
    wecom.faults.replace([Fault("dropped_after_accept", times=1)])
    assert desk.ask("dispatch").json["unknown"] == 1
    desk.later(minutes=3)
    assert desk.ask("dispatch").json["unknown"] == 1
    assert (states(desk), len(wecom.messages), mail.messages) == ({"unknown": 1}, 1, [])


def test_a_flood_becomes_digests_and_each_message_has_its_own_end(empty_desk, wecom):
    queue(empty_desk, 34)
    queue(empty_desk, 1, "rung", severity="urgent", title="已超时限")
    queue(empty_desk, 2, "joined")
    assert empty_desk.ask("dispatch").json["delivered"] == 37
    titles = [one.title for one in wecom.messages]
    assert titles[0] == "【紧急】已超时限"
    singles = [
        "知会：第 0 件",
        "知会：第 1 件",
        *(f"知会：第 {number} 件" for number in range(30, 34)),
    ]
    assert sorted(titles[1:]) == sorted([*["15 条知会事项，请逐件办理"] * 2, *singles])
    listed = "\n".join(one.text for one in wecom.messages)
    assert all(f"第 {number} 件" in listed + "".join(titles) for number in range(34))
    assert states(empty_desk) == {"delivered": 37}


def test_the_pace_of_the_platform_is_kept_across_runs(empty_desk, wecom):
    channels_yml(empty_desk, "digest: {from: 0}")
    queue(empty_desk, 25)
    assert empty_desk.ask("dispatch").json["delivered"] == 20
    assert empty_desk.ask("dispatch").json["delivered"] == 0
    assert states(empty_desk) == {"delivered": 20, "queued": 5}
    empty_desk.rows("update channel_attempt set attempted_at = attempted_at - interval 61 second")
    assert empty_desk.ask("dispatch").json["delivered"] == 5


def test_an_urgent_message_does_not_wait_for_a_blocked_robot(empty_desk, mail):
    passed_s = [0.0]
    real = {"now": lambda: datetime.now(UTC), "rate_clock": lambda: passed_s[0]}
    with DingtalkServer(**real) as robot:
        robot.paces = ((1, 60.0),)  # somebody else uses the same robot
        empty_desk.monkeypatch.setenv("JUZHEN_DINGTALK_WEBHOOK", robot.webhook_url)
        empty_desk.monkeypatch.setenv("JUZHEN_DINGTALK_SECRET", robot.secret)
        queue(empty_desk, 2)
        empty_desk.run("dispatch")
        assert states(empty_desk) == {"delivered": 1, "queued": 1}
        queue(empty_desk, 1, "rung", severity="urgent", title="已超时限")
        empty_desk.run("dispatch")
        assert [one.message["Subject"] for one in mail.messages] == ["【紧急】已超时限"]
        empty_desk.later(minutes=11)
        passed_s[0] = 660.0
        empty_desk.run("dispatch")
        assert (states(empty_desk), len(robot.messages)) == ({"delivered": 3}, 2)


def test_an_internal_case_never_goes_to_an_external_chat(empty_desk, wecom, mail):
    queue(empty_desk, 1, marking="internal")
    empty_desk.run("dispatch")
    assert (wecom.messages, len(mail.messages)) == ([], 1)
    channels_yml(empty_desk, "channels: {email: {reach: external}}")
    queue(empty_desk, 1, "joined", marking="internal")
    ran = empty_desk.ask("dispatch")
    assert (ran.json["failed"], wecom.messages, len(mail.messages)) == (1, [], 1)
    assert empty_desk.one("select detail from outbox where status = 'failed'").startswith(
        "内部案件没有可用的内部渠道"
    )


def test_severities_take_their_routes_and_a_group_of_its_own(empty_desk, wecom, mail):
    with WecomServer(now=lambda: datetime.now(UTC)) as leaders:
        empty_desk.monkeypatch.setenv("JUZHEN_LEADERS_WEBHOOK", leaders.webhook_url)
        channels_yml(
            empty_desk,
            "channels:\n  领导群: {kind: wecom, webhook: JUZHEN_LEADERS_WEBHOOK}\n"
            "routes:\n  urgent: [领导群, email]\n  info: [wecom]\n",
        )
        queue(empty_desk, 1)
        queue(empty_desk, 1, "rung", severity="urgent")
        assert empty_desk.ask("dispatch").json["delivered"] == 2
        assert (len(wecom.messages), len(leaders.messages), mail.messages) == (1, 1, [])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("routes: {urgent: [feishu]}", "没有配置的渠道 feishu"),
        ("channels: {领导群: {kind: wecom, webhook: JUZHEN_NONE}}", "JUZHEN_NONE"),
        ("channels: {领导群: {webhook: 'https://x/?key=secret'}}", "channels.领导群.webhook"),
        ("digest: {form: 3}", "digest.form"),
        ("routes: [", "不是可读的 YAML"),
        ("\x00", "不是可读的 YAML"),
    ],
)
def test_a_fault_of_the_file_is_named_and_nothing_is_lost(empty_desk, wecom, text, says):
    channels_yml(empty_desk, text)
    queue(empty_desk, 1)
    ran = empty_desk.ask("dispatch")
    assert (ran.code, says in ran.json["error"]) == (1, True)
    assert "secret" not in ran.err
    assert states(empty_desk) == {"queued": 1}


def test_a_killed_digest_is_resolved_as_the_one_it_was(empty_desk, wecom):
    from flows.channels import open_sender

    queue(empty_desk, 6)
    sender = open_sender(empty_desk.settings)
    seen = []

    class KilledError(Exception):
        pass

    class Dying:
        def send(self, message):
            seen.append(message.dedupe_key)
            raise KilledError

        def find(self, message):
            seen.append(message.dedupe_key)
            return escalation.outbox.Attempt(escalation.outbox.Ending.DELIVERED, "ts")

    with pytest.raises(KilledError):
        escalation.dispatch(
            empty_desk.settings, Dying(), lambda: empty_desk.now, sender.channels.routing
        )
    assert states(empty_desk) == {"sending": 6}
    empty_desk.later(minutes=3)
    escalation.dispatch(
        empty_desk.settings, Dying(), lambda: empty_desk.now, sender.channels.routing
    )
    assert (seen[0], len(set(seen))) == (seen[1], 1)
    assert states(empty_desk) == {"delivered": 6}
