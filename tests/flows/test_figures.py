"""What people ask about figures, by command and by form: both do the same and say the same."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from connectors.yaml_lines import DeclarationError
from flows import figure_choices, figures
from flows.figure_forms import DeclareCorrection, MapLayout, TraceFigure
from flows.form_checks import checked
from flows.operations import statistics
from flows.settings import read_settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.working_hours import OFFICE_ZONE
from tests.flows.steps import credentials

ACCOUNT = "A0001"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE_ZONE)
BOM = b"\xef\xbb\xbf"


@pytest.fixture(scope="module")
def after_a_night(registered, wechat, tmp_path_factory):
    """A data folder after one night of one account."""
    home = tmp_path_factory.mktemp("figures") / "home"
    shutil.copytree(registered, home)
    wechat.now = MONDAY
    given = environment(home, wechat)
    statistics.refresh(read_settings(given), MONDAY, statistics.Pace(lambda: MONDAY))
    return home


def environment(home, wechat):
    return {
        "JUZHEN_HOME": str(home),
        "JUZHEN_WECHAT_API": wechat.base_url,
        "JUZHEN_WECHAT_CREDENTIALS": str(credentials(home, wechat, [ACCOUNT])),
    }


@pytest.fixture
def night(desk, after_a_night, wechat):
    """A desk after that night; returns the newest day with figures."""
    shutil.copytree(after_a_night, desk.home, dirs_exist_ok=True)
    wechat.now = MONDAY
    for name, value in environment(desk.home, wechat).items():
        desk.monkeypatch.setenv(name, value)
    ((day,),) = desk.rows(
        "select max(stat_date)::text from observation where metric = 'reads'", catalog="stats"
    )
    return day


def person(desk):
    return desk.people["handler"]


def corrected(desk, day, *more):
    return desk.ask(
        *("correct", "reads", day, "--account", ACCOUNT, "--reason", "平台书面确认重复计数"),
        *("--by", person(desk), *more),
    )


def reads_on(desk, day):
    return desk.ask("trace", "reads", day, "--account", ACCOUNT).json["value"]


def test_a_correction_is_tried_declared_used_and_withdrawn_with_a_trace(desk, night):
    before = reads_on(desk, night)
    tried = corrected(desk, night, "--value", "12", "--dry-run")
    assert f"来源{before:g}，改为 12" in tried.json["sentence"]
    assert (reads_on(desk, night), desk.ask("corrections").json["corrections"]) == (before, [])

    corrected(desk, night, "--value", "12")
    assert reads_on(desk, night) == 12
    (row,) = desk.ask("corrections").json["corrections"]
    assert (row["status"], row["expected"]) == ("applied", before)
    assert "已有一条更正；先撤回它" in corrected(desk, night, "--value", "13").err
    assert (desk.home / "corrections.csv").read_bytes().startswith(BOM)

    taken = desk.ask(
        *("withdraw-correction", row["correction_id"]),
        *("--reason", "确认是我们看错", "--by", person(desk)),
    )
    assert taken.code == 0
    assert reads_on(desk, night) == before
    assert desk.ask("corrections").json["corrections"] == []
    gone = (desk.home / "corrections-withdrawn.csv").read_text(encoding="utf-8-sig")
    assert "确认是我们看错" in gone
    assert "平台书面确认重复计数" in gone


def test_rows_typed_by_hand_stay_as_they_are(desk, night):
    typed = (
        "账号编号,指标,日期,更正为,来源现为,理由,提出人,提出日期,有效期至\n"
        f"{ACCOUNT},点赞,2026-11-01,1,2,手写的一行,张敏,2026-11-05,\n"
    )
    (desk.home / "corrections.csv").write_text(typed, encoding="utf-8")
    corrected(desk, night, "--no-figure")
    text = (desk.home / "corrections.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == typed.splitlines()[1]
    assert reads_on(desk, night) is None


def test_what_cannot_be_declared_is_refused_and_nothing_is_written(desk, night):
    for more, sentence in [
        (("--value", "3", "--no-figure"), "须写一个且只写一个"),
        ((), "须写一个且只写一个"),
        (("--value", "-3"), "不小于零"),
        (("--value", "nan"), "不小于零"),
    ]:
        assert sentence in corrected(desk, night, *more).err
    tomorrow = (desk.now + timedelta(days=1)).date().isoformat()
    assert "当天的数要次日才有" in corrected(desk, tomorrow, "--value", "1").err
    assert not (desk.home / "corrections.csv").exists()


def form(model, **given):
    return checked(model, given)


def test_the_forms_do_what_the_commands_do(desk, night, monkeypatch):
    shown = {}
    monkeypatch.setattr(figures, "publish_page", lambda key, text, _: shown.update({key: text}))
    monkeypatch.setattr(figures, "publish_all", lambda _: 0)
    settings, now = desk.settings, desk.now
    asked = form(TraceFigure, metric="阅读(reads)", when=night, account_id=f"云杉({ACCOUNT})")
    assert figures._traced(settings, asked, now).sentence.startswith(
        f"{ACCOUNT} {night} 阅读（reads）"
    )
    assert "    - 报文 SHA-256" in shown["figure-trace"]
    declared = form(
        DeclareCorrection,
        account_id=f"云杉({ACCOUNT})",
        metric="阅读(reads)",
        stat_date=night,
        change="改为下面填写的数",
        value="12",
        reason="书面确认",
        mode="正式声明",
        answered_by=f"某人({person(desk)})",
    )
    assert "已声明更正" in figures._declared(settings, declared, now).sentence
    assert reads_on(desk, night) == 12
    (choice,) = figure_choices.figure_choices(settings)["corrections"]
    assert choice.startswith(f"{ACCOUNT} {night} 阅读(")
    assert "采用中" in shown["corrections"]
    with pytest.raises(AnswerError, match="须填「更正为」"):
        figures._declared(settings, declared.model_copy(update={"value": ""}), now)
    assert figures._checked(settings, now).sentence.startswith("共 ")


def test_a_source_is_tried_without_moving_the_nights_place(desk, night, wechat):
    before = desk.rows("select count(*) from fetch_outcome", catalog="stats")
    tried = desk.ask("try-source", "wechat_api")
    assert (tried.code, tried.json["well"], tried.json["account_id"]) == (0, True, ACCOUNT)
    assert desk.rows("select count(*) from fetch_outcome", catalog="stats") > before
    runs = desk.rows(
        "select distinct split_part(run_id, '-', 1) from fetch_outcome", catalog="stats"
    )
    assert sorted(runs) == [("backfill",), ("night",)]
    assert "没有数据源 nobody_api；现有：wechat_api" in desk.run("try-source", "nobody_api").err
    assert (
        "没有配置账号 A0005 凭据" in desk.run("try-source", "wechat_api", "--account", "A0005").err
    )
    wechat.faults.replace(["ip_not_whitelisted"])
    refused = desk.run("try-source", "wechat_api")
    wechat.faults.replace([])
    assert refused.code == 1
    assert "IP 白名单" in refused.out


def test_an_unknown_file_is_mapped_once_and_then_known(desk):
    path = desk.home / "inbox" / "融媒日报.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("统计日,触达人数\n2026-11-20,311\n", encoding="utf-8")
    given = ("import-export", str(path), "--account", "A0003", "--by", person(desk))
    refused = desk.run(*given)
    assert refused.code == 1
    (name,) = figure_choices.figure_choices(desk.settings)["drafts"]
    assert name in refused.err
    draft = desk.ask("map-layout", name).json["text"]
    completed = draft.replace("title: TODO 这种文件叫什么", "title: 融媒日报")
    completed = completed.replace("title: TODO 导出页面的名称", "title: 日报")
    written = form(MapLayout, draft=name, text=completed, mode="正式启用", answered_by="某人(P1)")
    with pytest.raises(DeclarationError, match="columns"):
        figures._mapped(desk.settings, written, desk.now)
    lines = []
    for line in completed.splitlines():
        if '"统计日"' in line:
            line = "          统计日: {key: stat_date, kind: day}"
        if '"触达人数"' in line:
            line = "          触达人数: {key: reads, kind: count}"
        lines.append(line.replace("grain: item", "grain: day").replace("[TODO]", "[stat_date]"))
    done = desk.home / "completed.yml"
    done.write_text("\n".join(lines), encoding="utf-8")
    tried = desk.ask("map-layout", name, str(done), "--dry-run")
    assert (tried.code, desk.run(*given).code) == (0, 1)
    assert desk.ask("map-layout", name, str(done)).code == 0
    assert figure_choices.figure_choices(desk.settings)["drafts"] == []
    imported = desk.ask(*given)
    assert (imported.code, imported.json["observations"]) == (0, 1)
    assert "草稿编号" in desk.run("map-layout", "../../x").err


@pytest.mark.parametrize(("count", "said"), [(400, ""), (403, "**还有 3 行没有显示**")])
def test_a_board_says_how_many_lines_it_leaves_out(count, said):
    page = figures._page("质量检查", [f"第 {n} 行" for n in range(1, count + 1)], MONDAY)
    assert "- 第 400 行" in page
    assert "第 401 行" not in page
    assert ("没有显示" in page) is bool(said)
    assert said in page
