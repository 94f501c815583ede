"""Letters when the office's own facts are missing or faulty: the answer stays, the sentence helps."""

from __future__ import annotations

import shutil

import pytest

from tests.flows.conftest import EXAMPLES
from tests.flows.steps import answer, open_one


def test_without_office_facts_the_answer_stays_and_the_next_sweep_drafts(desk, case_id):
    (desk.home / "office.yml").unlink()
    ran = answer(desk, case_id, "verify", "verify")
    assert ran.code == 1
    assert "office.yml" in ran.json["undrafted"]
    assert "答案已登记" in ran.err
    assert "juzhen draft" in ran.err
    kinds = [event["event_type"] for event in desk.ask("case", case_id).json["events"]]
    assert "step_answered" in kinds
    assert "letter_drafted" not in kinds
    assert desk.run("draft").code == 1
    swept = desk.ask("sweep")
    assert (swept.code, swept.json["claimed"]) == (1, 0)
    assert "office.yml" in swept.json["undrafted"]

    shutil.copyfile(EXAMPLES / "office.yml", desk.home / "office.yml")
    assert len(desk.ask("sweep").json["letters"]) == 9
    assert desk.ask("draft").json["files"] == []


def test_one_case_that_cannot_be_drafted_keeps_no_other_waiting(desk):
    unknown = desk.ask(
        *(
            "open",
            "--set",
            "platform=other",
            "--set",
            "display_name=甲",
            "--set",
            "channel=citizen",
        ),
        *("--by", desk.people["handler"]),
    ).json["case_id"]
    known = open_one(desk, name="乙")["case_id"]
    office = (desk.home / "office.yml").read_text(encoding="utf-8")
    (desk.home / "office.yml").unlink()
    for case_id in (unknown, known):
        answer(desk, case_id, "verify", "verify")
    (desk.home / "office.yml").write_text(office, encoding="utf-8")

    ran = desk.ask("draft")
    assert ran.code == 1
    assert unknown in ran.json["error"]
    assert "letter_drafted" in {e["event_type"] for e in desk.ask("case", known).json["events"]}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("district: [", "YAML"),
        ("", "office.yml"),
        ("district: 云杉新区\n", "issuer"),
        ("PLUS unknown_key: 1\n", "unknown_key"),
        ("PLUS contact: 12345\n", "contact"),
    ],
    ids=["broken", "empty", "incomplete", "unknown key", "wrong type"],
)
def test_faults_of_the_office_file_are_named(desk, case_id, text, word):
    path = desk.home / "office.yml"
    known = path.read_text(encoding="utf-8")
    if text.startswith("PLUS "):
        kept = [line for line in known.splitlines(True) if not line.startswith("contact")]
        text = "".join(kept if "contact" in text else [known]) + text.removeprefix("PLUS ")
    path.write_text(text, encoding="utf-8")
    ran = answer(desk, case_id, "verify", "verify")
    assert ran.code == 1
    assert word in ran.json["undrafted"]
    assert "office.yml" in ran.json["undrafted"]


def test_an_office_file_in_another_encoding_is_named(desk, case_id):
    path = desk.home / "office.yml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "UTF-8" in answer(desk, case_id, "verify", "verify").json["undrafted"]
