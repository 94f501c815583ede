"""The proactive scan through its commands: found, reviewed many at once, remembered, looked at again."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from openpyxl import load_workbook

from flows.operations.files import FileProblemError
from flows.operations.matching_forms import match_inbox
from flows.operations.matching_sheet import found_page
from flows.operations.scan import scan
from flows.suspect_alarms import tell_suspects
from tests.flows.conftest import EXAMPLES
from tests.flows.steps import answer, open_one

EXPORT = "平台,账号名称,微信号,简介,认证主体\n"
IMPOSTORS = ["云衫新区发布", "云杉新区发布服务号", "云杉新区髪布"]
OTHERS = ["云杉小厨", "阿强钓鱼", "小王同学", "人民日报", "今天也要早睡"]


def lay(desk, name, text):
    """Lay a file into the folder of candidates, long enough ago to have been copied whole."""
    path = desk.settings.candidates / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    before = time.time() - 60
    os.utime(path, (before, before))
    return path


def rows_of(names, platform="微信公众号", bio="简介", first=1):
    lines = [f"{platform},{name},wx{n},{bio},\n" for n, name in enumerate(names, first)]
    return EXPORT + "".join(lines)


def waiting(desk):
    return {row["display_name"]: row["number"] for row in desk.ask("suspects").json["suspects"]}


def test_a_night_finds_impostors_and_one_act_reviews_them_all(desk):
    (own,) = desk.rows("select name, platform_account_id from account where account_id = 'A0001'")
    taken = lay(desk, "检索.csv", rows_of([*IMPOSTORS, *OTHERS, own[0]]))
    ran = desk.ask("scan")
    assert ran.code == 0
    counted = ("candidate_count", "own_count", "alert_count", "raised_count", "held_count")
    assert [ran.json[name] for name in counted] == [9, 1, 3, 3, 0]
    assert not taken.exists()
    found = waiting(desk)
    assert set(found) == set(IMPOSTORS)
    first, second, third = (found[name] for name in IMPOSTORS)
    ran = desk.ask(
        *("review-suspects", "--accept", f"{first}，{second}", "--dismiss", third),
        *("--reason", "本区爱好者自用", "--by", desk.people["handler"]),
    )
    assert ran.code == 0
    assert desk.rows(
        "select number, decision, reason, person_id from suspect_decision order by number"
    ) == sorted(
        [
            (first, "accepted", None, desk.people["handler"]),
            (second, "accepted", None, desk.people["handler"]),
            (third, "dismissed", "本区爱好者自用", desk.people["handler"]),
        ]
    )
    assert (
        desk.rows("select source, channel, status from report order by report_id")
        == [("matcher", "inspection", "opened")] * 2
    )
    assert desk.one("select count(*) from case_summary") == 2
    assert desk.rows("select 1 from case_event where event_type = 'report_joined'") == []
    lay(desk, "检索.csv", rows_of([*IMPOSTORS, *OTHERS]))
    again = desk.ask("scan").json
    assert (again["in_case_count"], again["dismissed_count"], again["raised_count"]) == (2, 1, 0)
    assert waiting(desk) == {}


def test_a_dismissed_account_is_looked_at_again_when_it_changes(desk):
    lay(desk, "微信公众号/一.csv", rows_of(["云衫新区发布"]))
    desk.ask("scan")
    by = ("--by", desk.people["handler"])
    desk.ask("review-suspects", "--dismiss", "1", "--reason", "个人爱好者", *by)
    lay(desk, "微信公众号/二.csv", rows_of(["云衫新区发布"], bio=""))
    assert desk.ask("scan").json["dismissed_count"] == 1
    lay(desk, "微信公众号/三.csv", rows_of(["云杉新区发布服务号"], bio="官方唯一服务号"))
    assert desk.ask("scan").json["raised_count"] == 1
    (row,) = desk.ask("suspects").json["suspects"]
    assert (row["number"], row["note"]) == (
        1,
        "此前已处理，现名称由「云衫新区发布」改为「云杉新区发布服务号」；简介由「简介」改为「官方唯一服务号」",
    )


def test_ordinary_names_raise_a_handful_a_night_and_nothing_is_lost(desk):
    desk.monkeypatch.setenv("JUZHEN_SCAN_LIMIT", "2")
    lay(desk, "微博.txt", "# 一行一个\n" + "\n".join(IMPOSTORS + OTHERS))
    first = desk.ask("scan").json
    assert (first["alert_count"], first["raised_count"], first["held_count"]) == (3, 2, 1)
    second = desk.ask("scan").json
    assert (second["raised_count"], second["held_count"]) == (1, 0)
    assert set(waiting(desk)) == set(IMPOSTORS)
    assert desk.ask("scan").json["raised_count"] == 0


def test_a_renamed_account_joins_the_open_case_of_its_number(desk):
    lay(desk, "微信公众号/一.csv", rows_of(["云衫新区发布"]))
    desk.ask("scan")
    by = ("--by", desk.people["handler"])
    case = desk.ask("review-suspects", "--accept", "1", *by).json["cases"]["1"]
    assert case["is_joined"] is False
    # It is found under another name before the case is settled: no second case, no second task.
    lay(desk, "微信公众号/二.csv", rows_of(["云杉新区发布服务号"]))
    assert desk.ask("scan").json["in_case_count"] == 1
    assert desk.one("select count(*) from case_summary") == 1


def test_a_suspect_joins_the_case_that_was_opened_of_its_number_meanwhile(desk):
    lay(desk, "微博/一.csv", rows_of(["云衫新区发布"], platform="微博"))
    desk.ask("scan")
    other = open_one(desk, "云杉发布君", "hotline:9", "--set", "platform_account_id=wx1")["case_id"]
    by = ("--by", desk.people["handler"])
    case = desk.ask("review-suspects", "--accept", "1", *by).json["cases"]["1"]
    assert case == {"case_id": other, "is_joined": True}
    joined = desk.one(
        "select payload from case_event where event_type = 'report_joined' order by position desc"
        " limit 1"
    )
    assert "现名称为「云衫新区发布」" in joined


def test_what_a_case_refuted_stays_dismissed(desk):
    case_id = open_one(desk)["case_id"]
    desk.ask(
        *(
            "answer",
            case_id,
            "verify",
            "--set",
            "verdict=not_impersonation",
            "--set",
            "reason=店铺",
        ),
        *("--set", "harm=none", "--by", desk.people["handler"]),
    )
    answer(desk, case_id, "answer_reporters_refuted", "done")
    lay(desk, "微博.txt", "云衫新区发布")
    ran = desk.ask("scan").json
    assert (ran["dismissed_count"], ran["raised_count"]) == (1, 0)


def test_the_sample_of_a_search_raises_the_impostors_and_no_ordinary_name(desk):
    shutil.copytree(EXAMPLES / "candidates", desk.settings.candidates)
    for path in desk.settings.candidates.rglob("*.csv"):
        os.utime(path, (time.time() - 60,) * 2)
    assert desk.ask("scan").json["raised_count"] == 4
    assert set(waiting(desk)) == {
        *("云衫新区发布", "云杉新区髪布", "云杉政务营商服务号", "云杉公安在线官方"),
    }


def test_the_chat_hears_of_each_suspect_once(desk, slack):
    lay(desk, "微博.txt", "\n".join(IMPOSTORS[:2]))
    assert desk.ask("scan", "--tell").json["told_count"] == 2
    assert desk.ask("scan", "--tell").json["told_count"] == 0
    (message,) = slack.messages
    assert "发现疑似假冒账号 2 个，请审核" in str(message.blocks)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--accept", "1", "--dismiss", "1", "--reason", "否"), "1 号同时填在受理和排除"),
        (("--dismiss", "1"), "排除须写明理由"),
        (("--accept", "7"), "7 号不在待审之列"),
        (("--accept", "一"), "「一」不是编号"),
        (("--accept", "1-99999"), "一次不超过 500 个"),
        ((), "没有填写编号"),
    ],
)
def test_a_review_that_cannot_stand_changes_nothing(desk, arguments, sentence):
    lay(desk, "微博.txt", "云衫新区发布")
    scan(desk.settings, desk.now)
    ran = desk.ask("review-suspects", *arguments, "--by", desk.people["handler"])
    assert (ran.code, sentence in ran.json["error"]) == (1, True)
    assert desk.rows("select 1 from suspect_decision") == []


def test_bad_files_and_rows_cost_themselves_only(desk):
    lay(desk, "坏.csv", "列一,列二\n1,2\n")
    lay(desk, "图.xlsx", "\x89PNG")
    kept = lay(desk, "无平台.csv", "账号名称\n云衫新区发布\n")
    lay(desk, "快手/好.csv", "账号名称\n云衫新区发布\n\n,\n")
    ran = desk.ask("scan")
    assert (ran.code, ran.json["raised_count"]) == (1, 1)
    assert [problem.split("；")[0] for problem in ran.json["problems"]] == [
        "「图.xlsx」没有名称列（账号名称、名称、昵称等）",
        "「坏.csv」没有名称列（账号名称、名称、昵称等）",
        "「无平台.csv」有 1 行没有写明平台",
    ]
    assert kept.exists()


def test_no_channel_keeps_the_news_for_the_next_scan(desk):
    lay(desk, "微博.txt", "云衫新区发布")
    scan(desk.settings, desk.now)
    assert tell_suspects(desk.settings, desk.now) == 0
    assert desk.one("select told_at from suspect") is None


def test_a_list_of_the_inbox_is_compared_with_the_register(desk):
    (own,) = desk.rows("select name from account where account_id = 'A0001'")
    names = [own[0], "云衫新区发布", "云杉小厨"]
    text = "candidate_id,name,platform\n" + "".join(
        f"=C{n},{m},公众号\n" for n, m in enumerate(names)
    )
    desk.settings.inbox.mkdir(parents=True, exist_ok=True)
    (desk.settings.inbox / "名单.csv").write_text(text, encoding="utf-8")
    person = (desk.settings, "名单.csv", "", desk.people["handler"], desk.now)
    done = match_inbox(*person)
    assert [(one.candidate_id, one.name) for one in done.outcome.found] == [("=C1", names[1])]
    lines = done.table.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["=C0", "=C1", "=C2"]
    assert lines[0].endswith("台账已登记")  # 公众号 is the register's wechat_official
    page = found_page(done.outcome, "")
    assert "有 3 个待查编号以 = + - @ 等开头" in page
    assert "| 云衫新区发布（公众号，=C1） |" in page
    assert load_workbook(done.sheet)["疑似账号"]["C2"].value == names[1]
    with pytest.raises(FileProblemError, match="不带路径"):
        match_inbox(desk.settings, "../名单.csv", *person[2:])
