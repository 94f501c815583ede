"""What people write for a packet is kept for good and printed with who wrote it."""

import pytest

from flows import write_analysis
from flows.form_checks import checked
from flows.operations.packet_analysis import read_analysis
from flows.operations.packet_scope import packet_of
from flows.packet_forms import WriteAnalysis
from playbooks.statistics.analysis_entries import SECTIONS, AnalysisEntry, analysis_of


def test_the_form_offers_every_section():
    offered = WriteAnalysis.model_json_schema()["properties"]["section"]["enum"]
    assert offered == list(SECTIONS.values())


def test_each_paragraph_says_who_wrote_it_and_the_last_one_holds(desk):
    moment = desk.now
    entries = [
        AnalysisEntry("public_response", "旧", "甲", moment),
        AnalysisEntry("next_steps", "先写后退", "甲", moment),
        AnalysisEntry("public_response", "反响平稳。", "乙", moment),
        AnalysisEntry("next_steps", "", "乙", moment),
    ]
    text = analysis_of(entries)
    assert (text.public_response, text.next_steps) == ("反响平稳。（由乙填写）", None)
    assert analysis_of(entries[1:2] + entries[3:]) is None


def test_paragraphs_are_written_by_command_and_form_and_nothing_is_lost(desk):
    person = desk.people["handler"]
    name = desk.one("select name from person where person_id = ?", person)
    assert desk.run("analysis", "2026Q3", "--set", "社会反响=平稳").code == 1
    first = desk.ask("analysis", "2026Q3", "--set", "社会反响=平稳", "--by", person)
    assert (first.code, first.json["entries"][0]["author"]) == (0, name)
    given = {
        "year": 2026,
        "period": "第三季度",
        "section": "社会反响",
        "text": "总体平稳\n无负面",
        "answered_by": f"{name}({person})",
    }
    done = write_analysis._written(desk.settings, checked(WriteAnalysis, given), desk.now)
    assert "2026年第三季度" in done.sentence
    write_analysis._written(desk.settings, checked(WriteAnalysis, given), desk.now)
    kept = [entry.text for entry in read_analysis(desk.settings, packet_of("2026Q3"))]
    assert kept == ["平稳", "总体平稳\n无负面"]
    assert f"社会反响：总体平稳\n无负面（由{name}填写）" in desk.run("analysis", "2026Q3").out
    assert desk.run("verify").code == 0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--set", "天气=好"), "不是分析栏目"),
        (("--set", "社会反响=" + "长" * 5001), "超过 5000 字"),
        (("--set", "社会反响=好", "--unit", "U9999"), "没有单位 U9999"),
    ],
)
def test_what_cannot_be_a_paragraph_is_refused(desk, more, says):
    ran = desk.run("analysis", "2026Q3", *more, "--by", desk.people["handler"])
    assert (ran.code, says in ran.err) == (1, True)
