"""The four letters of Article 28, whole, against golden texts; and what stops or cannot shape them."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from jinja2 import UndefinedError

from playbooks.core.documents import Heading, Table
from playbooks.core.letters import digest, render_letter, text_of
from playbooks.impersonation.facts import (
    EarlierLetter,
    Evidence,
    ImpersonationFacts,
    ImpostorAccount,
    OfficialAccount,
)

FOLDER = Path(__file__).parent / "impersonation"
LETTERS = (
    *("public_security", "platform", "bureau_filing", "platform_reminder"),
    *("clarification", "authorisation", "reporter_reply"),
)
BESIDE = {
    "authorised_until": date(2027, 5, 22),
    "report_number": "YS2026111700001",
    "verdict": "impersonation",
    "measures": "商请公安机关协同处理、致函平台运营方请求关停",
    "gone_on": date(2026, 11, 25),
}


def known() -> ImpersonationFacts:
    values = yaml.safe_load((FOLDER / "facts.yaml").read_text(encoding="utf-8"))
    values |= {
        "impostor": ImpostorAccount(**values["impostor"]),
        "official_account": OfficialAccount(**values["official_account"]),
        "evidence": [Evidence(**item) for item in values["evidence"]],
        "earlier_letter": EarlierLetter(**values["earlier_letter"]),
    }
    return ImpersonationFacts(**values)


def rendered(name, **changes):
    return render_letter(
        f"impersonation/{name}", {**replace(known(), **changes).values(), **BESIDE}
    )


@pytest.mark.parametrize("name", LETTERS)
def test_the_whole_letter(name):
    assert text_of(rendered(name)) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LETTERS[:4])
def test_any_missing_fact_stops_the_letter(name):
    values = known().values()
    used = [fact for fact in values if fact not in ("case_id", "earlier_letter")]
    if name == "platform_reminder":
        used = ["earlier_letter", "platform_company", "verified_by", "impostor"]
    for fact in ("issuer_name", "contact_phone", "impostor", "requests", *used[:3]):
        with pytest.raises(UndefinedError, match=fact.split("_")[0]):
            render_letter(
                f"impersonation/{name}", {key: values[key] for key in values if key != fact}
            )


@pytest.mark.parametrize("fact", ["issuer_name", "verified_by", "contact_name"])
def test_a_fact_that_is_none_stops_the_letter(fact):
    with pytest.raises(UndefinedError, match="None"):
        rendered("platform", **{fact: None})


def test_a_reminder_without_an_earlier_letter_is_stopped():
    with pytest.raises(UndefinedError, match="document_number"):
        rendered("platform_reminder", earlier_letter=None)


def test_a_display_name_cannot_become_a_heading_a_cell_or_a_key():
    impostor = ImpostorAccount(
        "微博", "---\n一、|甲\u202e|\ntitle: 乙", None, None, None, None, date(2026, 1, 5)
    )
    letter = rendered("public_security", impostor=impostor)
    assert [block.text for block in letter.body if isinstance(block, Heading)] == [
        "一、缘由与依据",
        "二、有关事实",
        "三、商请事项",
    ]
    table = next(block for block in letter.body if isinstance(block, Table))
    assert ("账号名称", "--- 一、|甲‹U+202E›| title: 乙") in table.rows
    assert letter.title == "云杉新区管理委员会关于商请协助处置假冒政务新媒体账号的函"


def test_a_name_of_5000_characters_is_cut_in_the_letter():
    impostor = ImpostorAccount("微博", "长" * 5000, None, None, None, None, date(2026, 1, 5))
    text = text_of(rendered("platform", impostor=impostor))
    assert "原文共5000字" in text
    assert len(text) < 3000


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("none", "尚未发现该账号造成实际损害"),
        ("rumour", "发布不实信息"),
        ("fraud", "涉嫌诈骗"),
        ("personal_data", "收集公民个人信息"),
    ],
)
def test_the_harm_is_put_into_words(harm, words):
    assert words in text_of(rendered("public_security", harm=harm))


def test_an_unknown_harm_is_refused():
    with pytest.raises(ValueError, match="harm annoyance is not one of"):
        replace(known(), harm="annoyance")


def test_a_case_that_names_no_official_account_claims_nothing_about_the_register():
    text = text_of(rendered("platform", official_account=None))
    assert "暂未指明对应的官方账号" in text
    assert "未在该平台开设" not in text


def test_no_document_number_yet_leaves_it_out():
    assert rendered("platform", document_number=None).document_number is None


def test_no_evidence_is_said():
    assert "尚无已固定的电子证据" in text_of(rendered("platform", evidence=[]))


def test_an_unverified_quotation_cautions_the_reviewer_and_stays_off_the_letter():
    letter = rendered("platform")
    assert len(letter.cautions) == 1
    assert "第八条的引文取自转载" in letter.cautions[0]
    assert letter.cautions[0] not in text_of(letter)
    assert rendered("bureau_filing").cautions == ()


def test_the_digest_is_that_of_the_text_and_changes_with_it():
    letter = rendered("platform")
    assert digest(letter) == f"SHA-256:{sha256(text_of(letter).encode()).hexdigest()}"
    assert digest(rendered("platform", contact_phone="0431-00000001")) != digest(letter)


@pytest.mark.parametrize(
    "name", ["../secrets", "impersonation/../platform", "impersonation", "甲/乙", ""]
)
def test_a_template_is_named_and_not_addressed(name):
    with pytest.raises(ValueError, match="a template is named"):
        render_letter(name, {})


def letter_from(tmp_path, text, **facts):
    folder = tmp_path / "drill" / "letters"
    folder.mkdir(parents=True)
    (folder / "note.j2").write_text(text, encoding="utf-8")
    return render_letter("drill/note", facts, playbooks=tmp_path)


HEAD = "issuer: 甲\ntitle: 乙\naddressee: 丙\nsignatory: 甲\nissued_on: 2026-01-05\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("正文", "must begin with"),
        ("---\nissuer: 甲\n---\n", "missing title, signatory, issued_on"),
        (f"---\n{HEAD}colour: 红\n---\n", "colour is not a key"),
        (f"---\n{HEAD}title: 丁\n---\n", "title is said twice"),
        (f"---\n{HEAD}---\n| 甲 | 乙 |\n| 1 | 2 |\n", "needs a heading line and a ruler"),
        (f"---\n{HEAD}---\n| 甲 | 乙 |\n|-|-|\n| 1 |\n", "row 1: 1 cells under 2 columns"),
    ],
)
def test_a_template_that_makes_no_letter_is_refused(tmp_path, text, problem):
    with pytest.raises(ValueError, match=problem):
        letter_from(tmp_path, text)


def test_a_template_cannot_reach_the_machine(tmp_path):
    from jinja2.exceptions import SecurityError

    with pytest.raises(SecurityError):
        letter_from(tmp_path, f"---\n{HEAD}---\n{{{{ x.__class__.__mro__ }}}}\n", x="甲")


def test_a_value_is_never_read_as_a_template(tmp_path):
    letter = letter_from(tmp_path, f"---\n{HEAD}---\n{{{{ x }}}}\n", x="{{ 7 * 7 }}{% for %}")
    assert letter.body[0].text == "{{ 7 * 7 }}{% for %}"


def test_a_platform_is_addressed_in_its_own_words_and_asked_what_only_it_can_do():
    text = text_of(
        rendered(
            "platform",
            platform_wording="冒用政务新媒体名义，属于贵平台“冒名顶替”的举报受理范围",
            platform_requests=["请撤销该账号的认证标识。"],
            requests=["请先行限流。"],
        )
    )
    assert "该账号冒用政务新媒体名义，属于贵平台“冒名顶替”的举报受理范围。" in text
    assert "5.请撤销该账号的认证标识。" in text
    assert "6.请先行限流。" in text


def test_a_notice_to_the_public_has_no_addressee_and_names_what_to_do():
    letter = rendered("clarification", harm="fraud", official_account=None)
    assert letter.addressee is None
    assert "请勿转账" in text_of(letter)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"gone_on": None}, "处理结果尚未取得"),
        ({"measures": ""}, "正在依照规定处置"),
        ({"verdict": "not_impersonation"}, "未认定为假冒政务新媒体账号。理由："),
    ],
)
def test_a_reply_says_what_was_done_and_no_more(facts, words):
    values = {**known().values(), **BESIDE, **facts}
    assert words in text_of(render_letter("impersonation/reporter_reply", values))


def test_a_bureau_that_sends_the_letters_itself_registers_the_filing_and_copies_nobody_twice():
    itself = {"issuer_name": "云杉新区政务营商局", "bureau_name": "云杉新区政务营商局"}
    filing = rendered("bureau_filing", **itself)
    assert (filing.addressee, filing.title) == (
        None,
        "云杉新区政务营商局关于假冒政务新媒体账号处置情况的备案登记",
    )
    assert "特此登记。" in text_of(filing)
    for name in ("public_security", "platform", "platform_reminder"):
        assert "云杉新区政务营商局" not in rendered(name, **itself).copied_to
